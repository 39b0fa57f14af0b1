"""`python -m flexrev_xl` is `flexrev`."""

from flexrev_xl.cli import main

main(prog_name="flexrev")
