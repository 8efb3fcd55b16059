"""`python -m mssw`."""

from mssw.cli import main

if __name__ == "__main__":
    main()
