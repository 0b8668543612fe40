"""What the disk says when it cannot, in the words of a reader; and how a file is written whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

REASONS = {
    errno.ENOSPC: "no queda espacio en el disco",
    errno.EDQUOT: "se acabó la cuota de espacio de este usuario",
    errno.EFBIG: "el sistema no deja escribir un archivo tan grande",
    errno.EACCES: "falta permiso",
    errno.EPERM: "el sistema no lo permite",
    errno.EROFS: "el disco es de solo lectura",
    errno.EIO: "el disco falló",
    errno.ENOENT: "no existe",
    errno.ENOTDIR: "una parte de la ruta no es una carpeta",
    errno.EISDIR: "es una carpeta",
    errno.EEXIST: "ya existe",
    errno.ENOTEMPTY: "la carpeta no está vacía",
    errno.ENAMETOOLONG: "el nombre es demasiado largo",
    errno.EMFILE: "hay demasiados archivos abiertos",
    errno.ENFILE: "hay demasiados archivos abiertos en la máquina",
    errno.ELOOP: "hay un ciclo de enlaces",
    errno.EBUSY: "está en uso",
    errno.EXDEV: "está en otro disco",
    errno.ESTALE: "el disco de red dejó de responder",
}


def reason(error: OSError) -> str:
    """Why the system could not do it, in Spanish."""
    return REASONS.get(error.errno or 0, f"error {error.errno} del sistema" if error.errno else type(error).__name__)


def write_file(path: Path, content: bytes) -> None:
    """Write a new file and wait until it is on the disk; nothing is left of one that could not be written. OSError."""
    try:
        with path.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink(missing_ok=True)
        raise


def replace_file(path: Path, content: bytes, spare: Path) -> None:
    """Put `content` in the place of whatever `path` was, in one step, written first as `spare`. OSError."""
    write_file(spare, content)
    try:
        os.replace(spare, path)
    except OSError:
        spare.unlink(missing_ok=True)
        raise
    flush(path.parent)


def flush(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
