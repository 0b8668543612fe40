"""The site of Padrón Abierto: one release of the ETL, served as pages, files and an accessible mode."""
