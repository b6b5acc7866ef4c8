"""HSDS tabular data packages (1.1 to 3.1): `datapackage.json` and a CSV file for each table, zipped or not.

The tables are laid into a scratch database on disk, and each service is put together from it with all
that belongs to it: JSON as Open Referral UK has it, in the field names of the package's own version.
"""

from services.directory.formats.hsds.package import package_beside, package_zipped

__all__ = ["package_beside", "package_zipped"]
