"""The drivers of databases: what to install to reach one."""

from __future__ import annotations

from sqlalchemy import URL

#: The driver of PostgreSQL that the extra brings, and the ways to write an address that it answers.
PSYCOPG = "postgresql+psycopg"
POSTGRESQL = ("postgresql", "postgres", PSYCOPG)
#: The same of MySQL and MariaDB.
PYMYSQL = {"mysql": "mysql+pymysql", "mariadb": "mariadb+pymysql"}
#: The environment that make prepares has no pip of its own.
PIP = "python3 -m pip --python .venv/bin/python install"
INSTALL_POSTGRES = f"{PIP} -e '.[postgres]'"
INSTALL_MYSQL = f"{PIP} -e '.[mysql]'"
#: Of other databases: what it is called, the package of its driver and how its address begins.
OTHERS = {
    "oracle": ("Oracle", "oracledb", "oracle+oracledb"),
    "mssql": ("SQL Server", "pymssql", "mssql+pymssql"),
    "sqlserver": ("SQL Server", "pymssql", "mssql+pymssql"),
    "trino": ("Trino", "trino", "trino"),
    "snowflake": ("Snowflake", "snowflake-sqlalchemy", "snowflake"),
    "bigquery": ("BigQuery", "sqlalchemy-bigquery", "bigquery"),
    "redshift": ("Redshift", "sqlalchemy-redshift", "redshift+psycopg2"),
    "db2": ("Db2", "ibm-db-sa", "db2+ibm_db"),
}


def with_driver(url: URL) -> URL:
    """`url` with the driver that an extra brings, unless it names another: psycopg 3 for PostgreSQL, PyMySQL for MySQL."""
    if url.drivername in POSTGRESQL:
        return url.set(drivername=PSYCOPG)
    return url.set(drivername=PYMYSQL.get(url.drivername, url.drivername))


def missing_driver(name: str) -> str:
    """What to install to reach a database with the driver that SQLAlchemy calls `name`."""
    kind = name.partition("+")[0]
    if name in POSTGRESQL:
        return f"falta el controlador de PostgreSQL: instale el extra «postgres» con «{INSTALL_POSTGRES}»"
    if name in (kind, PYMYSQL.get(kind)) and kind in PYMYSQL:
        return f"falta el controlador de MySQL y MariaDB: instale el extra «mysql» con «{INSTALL_MYSQL}»"
    if kind in OTHERS:
        title, package, address = OTHERS[kind]
        return (
            f"falta el controlador de {title}: instálelo con «{PIP} {package}», y escriba la dirección como "
            f"{address}://usuario:clave@servidor/base"
        )
    return f"falta el controlador de SQLAlchemy para {name}: instálelo"
