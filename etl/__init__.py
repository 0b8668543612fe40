"""ETL of Padrón Abierto: the tribunal's files in, one verified release out."""

__version__ = "0.1.0"
