"""ETL of Padrón Abierto: the tribunal's files in, one verified release out."""
