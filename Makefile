# Everything a person needs to run, test and measure the project, from nothing but Python 3.11+, pip and make.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8050
demo: PORT := $(if $(filter file,$(origin PORT)),8051,$(PORT))
VENV := .venv
PY := $(VENV)/bin/python
# Programs of others that read what the site publishes: apart, since what they need is not what the site does.
READERS := .venv-lectores
# Chromium without its windows: the same engine, in two thirds of the time of one that draws menus nobody sees.
HEADLESS := chromium-headless-shell
CHROMIUM ?= $(or $(shell command -v $(HEADLESS) || command -v chromium),/usr/bin/$(HEADLESS))
BROWSER_PACKAGES := $(HEADLESS) fonts-liberation libatomic1
RELEASE := data/release/current
# How many people `demo` invents: a number, or «todas» for as many as are registered. Each number has its folder.
PERSONAS ?= 2000000
DEMO := data/demo/$(PERSONAS)
ETL_INPUTS := $(shell find etl data/source -name '*.py' -o -name '*.toml' -o -path 'data/source*' 2>/dev/null)

# An environment that forbids bytecode would make every process of ours compile pandas and plotly again.
export PYTHONDONTWRITEBYTECODE :=
export CHROMIUM

# A file's tests share what they prepare, so tests/conftest.py keeps them together, and puts first the files that took
# longest the last time. Many wait for a browser or a server: one process more than there are cores keeps these busy.
WORKERS = -n $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1) --maxprocesses 4 --dist loadscope --no-loadscope-reorder

# --no-compile: Python compiles what it imports on first use; compiling all of it up front doubles the wait.
PIP_INSTALL = $(PYTHON) -m pip --python $(PY) install --quiet --quiet --disable-pip-version-check --no-input \
	--no-compile --no-deps --require-hashes

.DEFAULT_GOAL := help
.PHONY: help run demo release test test-largo bench capturas cifras lint format lock chromium postgres mariadb nginx liblouis spark clean FORCE

help: ## muestra esta ayuda
	@echo "Padrón Abierto — qué puede hacer:"; echo
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo; echo "Variables: PERSONAS=2000000 (o todas) PORT=8050 HOST=127.0.0.1 PYTHON=python3 CHROMIUM=/usr/bin/chromium-headless-shell"

run: $(VENV)/.ejecucion data/release/.al-dia ## prepara todo y abre el sitio en http://127.0.0.1:8050 (PORT= lo cambia)
	@exec $(PY) -m dashboard --release $(RELEASE) --host $(HOST) --port $(PORT)

demo: $(VENV)/.ejecucion $(DEMO)/.al-dia ## un sitio de demostración, con personas inventadas, en http://127.0.0.1:8051
	@exec $(PY) -m dashboard --release $(DEMO)/release/current --host $(HOST) --port $(PORT)

release: data/release/.al-dia ## construye la publicación a partir de data/source, si hace falta

test: $(VENV)/.pruebas $(READERS)/.listo chromium postgres nginx liblouis lint ## revisa el estilo y los tipos y ejecuta todas las pruebas, incluidas las del navegador
	@$(PY) -m pytest $(WORKERS) $(ARGS)

test-largo: $(VENV)/.pruebas $(READERS)/.listo chromium postgres mariadb nginx liblouis spark ## ejecuta las pruebas que tardan más o necesitan instalar más
	@$(PY) -m pytest $(WORKERS) -m largo $(ARGS)

bench: $(VENV)/.pruebas chromium nginx data/release/.al-dia ## mide tiempos y tamaños, y los escribe en bench/results/
	@$(PY) -m bench $(ARGS)

capturas: $(VENV)/.pruebas chromium data/release/.al-dia data/demo/2000000/.al-dia ## vuelve a tomar las capturas de la documentación (docs/img/)
	@$(PY) -m docs.capturas

cifras: $(VENV)/.pruebas ## escribe en README.md las mediciones de bench/results/
	@$(PY) -m docs.mediciones

lint: $(VENV)/.pruebas ## revisa el estilo y los tipos del código sin cambiar nada
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy

format: $(VENV)/.pruebas ## corrige el estilo del código
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

# One lock serves every Python from 3.11 and every platform: hashes of all files, no index address. Each lock says itself
# that only wheels may be installed, so no package runs code of its own to be installed, whoever installs it.
UV_COMPILE = $(VENV)/bin/uv pip compile pyproject.toml --quiet --universal --fork-strategy fewest --python-version 3.11 \
	--only-binary :all: --emit-build-options --generate-hashes --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock" $(ARGS)
# Of Spark, only what it adds. Nobody publishes a wheel of pyspark: it alone is built on arrival, and to pip the last word counts.
BESIDES = $$(sed -nE 's/^([a-z0-9][a-z0-9._-]*)(\[[^]]*\])?==.*/--no-emit-package \1/p' requirements.lock)
# Of the readers, three packages that nobody publishes a wheel of.
BUILT = docopt jsonpath-rw jstyleson
lock: $(PY) ## fija de nuevo las dependencias según pyproject.toml (ARGS=--upgrade las actualiza)
	@$(PYTHON) -m pip --python $(PY) install --quiet --quiet --disable-pip-version-check 'uv>=0.13'
	$(UV_COMPILE) --extra etl --output-file requirements.lock
	$(UV_COMPILE) --constraint requirements.lock --output-file requirements-sitio.lock
	$(UV_COMPILE) --extra test --constraint requirements.lock --output-file requirements-test.lock
	$(UV_COMPILE) --extra spark --constraint requirements.lock --no-binary pyspark $(BESIDES) --output-file requirements-spark.lock
	@sed -i -e '/^--no-binary/d' -e 's/^--only-binary :all:/&\n--no-binary pyspark/' requirements-spark.lock
	$(subst pyproject.toml,requirements-lectores.in,$(UV_COMPILE)) $(BUILT:%=--no-binary %) --output-file requirements-lectores.lock
	@sed -i -e '/^--no-binary/d' -e 's/^--only-binary :all:/&$(BUILT:%=\n--no-binary %)/;s/ \n/\n/g' requirements-lectores.lock

clean: ## borra el entorno, las publicaciones construidas, las demostraciones y las cachés
	rm -rf $(VENV) $(READERS) data/release data/demo .pytest_cache .ruff_cache .mypy_cache .dmypy.json .hypothesis build *.egg-info tests/_salida
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# `--without-pip` and `pip --python` need neither ensurepip (Debian ships it apart) nor a writable system Python.
$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Se necesita Python 3.11 o posterior. Indique cuál usar: make $(MAKECMDGOALS) PYTHON=/ruta/a/python3"; exit 1; }
	@$(PYTHON) -m pip --version >/dev/null 2>&1 || \
		{ echo "Falta pip para $(PYTHON). En Debian o Ubuntu: sudo apt-get install python3-pip"; exit 1; }
	@$(PYTHON) -m venv --without-pip $(VENV)

$(VENV)/.ejecucion: requirements.lock | $(PY)
	@echo "Instalando las dependencias en $(VENV) (medio minuto si ya están descargadas)…"
	@$(PIP_INSTALL) -r requirements.lock
	@touch $@

$(VENV)/.pruebas: requirements-test.lock requirements.lock | $(PY)
	@echo "Instalando las dependencias de prueba en $(VENV)…"
	@$(PIP_INSTALL) -r requirements-test.lock
	@touch $@ $(VENV)/.ejecucion

# Apart from the rest: pandera loads whatever Spark it finds. What builds pyspark is the setuptools that pip brings for it alone.
$(VENV)/.spark: requirements-spark.lock | $(VENV)/.pruebas
	@echo "Instalando Apache Spark en $(VENV)/spark (medio gigabyte)…"
	@rm -rf $(VENV)/spark
	@$(PIP_INSTALL) --target $(VENV)/spark -r requirements-spark.lock
	@touch $@

# Of the registries that everybody has. What builds the three that come without a wheel is the setuptools that pip brings for them.
$(READERS)/.listo: requirements-lectores.lock | $(PY)
	@echo "Instalando en $(READERS) los programas de otros que leen lo publicado…"
	@$(PYTHON) -m venv --without-pip --clear $(READERS)
	@$(subst --python $(PY),--python $(READERS)/bin/python,$(PIP_INSTALL)) -r requirements-lectores.lock
	@touch $@

# The stamp, not the manifest, says when we last built: an identical release keeps its old files untouched.
data/release/.al-dia: $(ETL_INPUTS) $(if $(wildcard $(RELEASE)/manifest.json),,FORCE) | $(VENV)/.ejecucion
	@echo "Construyendo la publicación a partir de data/source…"
	@$(PY) -m etl build
	@touch $@

$(DEMO)/.al-dia: $(ETL_INPUTS) $(if $(wildcard $(DEMO)/release/current/manifest.json),,FORCE) | $(VENV)/.ejecucion
	@echo "Inventando personas y publicando la demostración (un minuto o dos)…"
	@$(PY) -m etl demo --carpeta $(DEMO) $(if $(filter todas,$(PERSONAS)),,--personas $(PERSONAS))
	@touch $@

# Playwright's driver is a Node.js that its wheel carries, and a bare Debian lacks the libatomic it is linked with.
chromium: $(VENV)/.pruebas
	@{ test -x "$(CHROMIUM)" && $(VENV)/lib/python3*/site-packages/playwright/driver/node --version >/dev/null 2>&1; } || { \
		echo "Instalando Chromium de Debian para las pruebas del navegador…"; \
		command -v apt-get >/dev/null || { echo "No hay apt-get. Instale Chromium e indique dónde está: make test CHROMIUM=/ruta"; exit 1; }; \
		if [ "$$(id -u)" = 0 ]; then root=; elif command -v sudo >/dev/null; then root=sudo; \
		else echo "Hace falta ser root o tener sudo para instalarlo: apt-get install $(BROWSER_PACKAGES)"; exit 1; fi; \
		$$root apt-get update -qq && \
		$$root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(BROWSER_PACKAGES) >/dev/null; \
	}

# Only its programs: the tests start a server of their own in a temporary folder, and never touch another.
postgres:
	@ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || command -v postgres >/dev/null || { \
		echo "Instalando PostgreSQL de Debian para las pruebas con una base de datos…"; \
		command -v apt-get >/dev/null || { echo "No hay apt-get. Instale PostgreSQL y ponga postgres e initdb en el PATH"; exit 1; }; \
		if [ "$$(id -u)" = 0 ]; then root=; elif command -v sudo >/dev/null; then root=sudo; \
		else echo "Hace falta ser root o tener sudo para instalar PostgreSQL: apt-get install postgresql"; exit 1; fi; \
		$$root apt-get update -qq && \
		$$root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null; \
	}

mariadb:
	@{ command -v mariadbd || test -x /usr/sbin/mariadbd; } >/dev/null 2>&1 && command -v my_print_defaults >/dev/null || { \
		echo "Instalando MariaDB de Debian para las pruebas con una base de datos…"; \
		command -v apt-get >/dev/null || { echo "No hay apt-get. Instale MariaDB y ponga mariadbd y mariadb-install-db en el PATH"; exit 1; }; \
		if [ "$$(id -u)" = 0 ]; then root=; elif command -v sudo >/dev/null; then root=sudo; \
		else echo "Hace falta ser root o tener sudo para instalar MariaDB: apt-get install mariadb-server-core mariadb-client-core"; exit 1; fi; \
		$$root apt-get update -qq && \
		$$root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends mariadb-server-core mariadb-client-core >/dev/null; \
	}

# Only its program, and wrk, which asks it as fast as it answers: the tests start one of their own. Whoever cannot install them
# does without what they test, and is told.
nginx:
	@{ { command -v nginx || test -x /usr/sbin/nginx; } && command -v wrk; } >/dev/null 2>&1 || { \
		echo "Instalando nginx y wrk de Debian para las pruebas detrás de un nginx…"; \
		if [ "$$(id -u)" = 0 ]; then root=; else root=sudo; fi; \
		{ command -v apt-get && { test -z "$$root" || command -v sudo; }; } >/dev/null && $$root apt-get update -qq && \
		$$root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nginx-light wrk >/dev/null || \
		echo "No se pudo instalar nginx: sus pruebas se saltan, y lo dicen."; \
	}

# What writes braille for screen readers and printers: the tests ask it what the site wrote.
liblouis:
	@command -v lou_translate >/dev/null || { \
		echo "Instalando liblouis de Debian para las pruebas del braille…"; \
		command -v apt-get >/dev/null || { echo "No hay apt-get. Instale liblouis y ponga lou_translate en el PATH"; exit 1; }; \
		if [ "$$(id -u)" = 0 ]; then root=; elif command -v sudo >/dev/null; then root=sudo; \
		else echo "Hace falta ser root o tener sudo para instalar liblouis: apt-get install liblouis-bin"; exit 1; fi; \
		$$root apt-get update -qq && \
		$$root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends liblouis-bin >/dev/null; \
	}

# Its programs are of the package pyspark; of Debian, only Java. Where there is none to be had, its tests say so and are skipped.
spark: $(VENV)/.spark
	@command -v java >/dev/null || { \
		echo "Instalando Java de Debian para las pruebas con un clúster de Spark…"; \
		if [ "$$(id -u)" = 0 ]; then root=; else root=sudo; fi; \
		{ command -v apt-get && $$root apt-get update -qq && \
		$$root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends default-jre-headless; } >/dev/null \
		|| echo "No se pudo instalar Java (apt-get install default-jre-headless): las pruebas con Spark se omiten."; \
	}

FORCE:
