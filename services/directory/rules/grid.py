"""Metres on the ground: the British National Grid, the Irish Grid, and latitude and longitude.

Transverse Mercator after Redfearn and a seven-parameter Helmert transformation, both as published in
Ordnance Survey's "A guide to coordinate systems in Great Britain" (annexes B and C). Without the OSTN
correction grid the result is good to about 5 metres, which is less than a building.
"""

from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, isfinite, radians, sin, sqrt, tan
from typing import NamedTuple


class Place(NamedTuple):
    """A point on the British National Grid, in metres."""

    easting: int
    northing: int


class Geographic(NamedTuple):
    """A point on the globe, in degrees (WGS84)."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Ellipsoid:
    """The shape a map takes the earth to have."""

    a: float
    b: float

    @property
    def e2(self) -> float:
        """Eccentricity squared."""
        return 1 - (self.b / self.a) ** 2


@dataclass(frozen=True)
class Grid:
    """A transverse Mercator grid and the datum it stands on (its Helmert parameters from WGS84)."""

    ellipsoid: Ellipsoid
    scale: float
    origin: Geographic
    false_easting: float
    false_northing: float
    shift: tuple[float, float, float]
    parts_per_million: float
    seconds: tuple[float, float, float]


WGS84 = Ellipsoid(6378137.0, 6356752.314245)
BRITISH = Grid(
    Ellipsoid(6377563.396, 6356256.909),
    0.9996012717,
    Geographic(49, -2),
    400_000,
    -100_000,
    (-446.448, 125.157, -542.060),
    20.4894,
    (-0.1502, -0.2470, -0.8421),
)
IRISH = Grid(
    Ellipsoid(6377340.189, 6356034.447),
    1.000035,
    Geographic(53.5, -8),
    200_000,
    250_000,
    (-482.530, 130.596, -564.557),
    -8.150,
    (1.042, 0.214, 0.631),
)


def place_of(where: Geographic) -> Place | None:
    """The British grid reference of a point, or None for a point outside the United Kingdom's waters."""
    if not (isfinite(where.latitude) and isfinite(where.longitude)):
        return None
    if not (49 <= where.latitude <= 61.5 and -9.5 <= where.longitude <= 2.5):
        return None
    easting, northing = _project(BRITISH, _shift(where, WGS84, BRITISH.ellipsoid, BRITISH, 1))
    return Place(round(easting), round(northing))


def geographic_of(place: tuple[float, float], grid: Grid = BRITISH) -> Geographic:
    """The latitude and longitude of a grid reference."""
    return _shift(_unproject(grid, place), grid.ellipsoid, WGS84, grid, -1)


def from_irish(easting: float, northing: float) -> Place | None:
    """A reference on the Irish Grid (as Northern Ireland's postcodes have) on the British one."""
    return place_of(geographic_of((easting, northing), IRISH))


def metres_between(here: Place, there: Place) -> float:
    """The distance on the grid: within 0.1% of the distance on the ground."""
    return hypot(here.easting - there.easting, here.northing - there.northing)


def _shift(where: Geographic, out_of: Ellipsoid, into: Ellipsoid, grid: Grid, sign: int) -> Geographic:
    """Move a point from one datum to another: to a cartesian frame, Helmert, and back."""
    latitude, longitude = radians(where.latitude), radians(where.longitude)
    across = out_of.a / sqrt(1 - out_of.e2 * sin(latitude) ** 2)
    x = across * cos(latitude) * cos(longitude)
    y = across * cos(latitude) * sin(longitude)
    z = (1 - out_of.e2) * across * sin(latitude)
    tx, ty, tz = (sign * metres for metres in grid.shift)
    rx, ry, rz = (radians(sign * second / 3600) for second in grid.seconds)
    scale = 1 + sign * grid.parts_per_million / 1e6
    moved = (
        tx + x * scale - y * rz + z * ry,
        ty + x * rz + y * scale - z * rx,
        tz - x * ry + y * rx + z * scale,
    )
    return _on_ellipsoid(*moved, into)


def _on_ellipsoid(x: float, y: float, z: float, into: Ellipsoid) -> Geographic:
    flat = hypot(x, y)
    latitude = atan2(z, flat * (1 - into.e2))
    for _ in range(6):  # converges to well under a millimetre
        across = into.a / sqrt(1 - into.e2 * sin(latitude) ** 2)
        latitude = atan2(z + into.e2 * across * sin(latitude), flat)
    return Geographic(degrees(latitude), degrees(atan2(y, x)))


def _meridian(grid: Grid, latitude: float) -> float:
    """The length of the meridian from the grid's origin to a latitude (annex C, equation C3)."""
    n = (grid.ellipsoid.a - grid.ellipsoid.b) / (grid.ellipsoid.a + grid.ellipsoid.b)
    origin = radians(grid.origin.latitude)
    apart, together = latitude - origin, latitude + origin
    return (
        grid.ellipsoid.b
        * grid.scale
        * (
            (1 + n + 5 / 4 * n**2 + 5 / 4 * n**3) * apart
            - (3 * n + 3 * n**2 + 21 / 8 * n**3) * sin(apart) * cos(together)
            + (15 / 8 * n**2 + 15 / 8 * n**3) * sin(2 * apart) * cos(2 * together)
            - 35 / 24 * n**3 * sin(3 * apart) * cos(3 * together)
        )
    )


def _radii(grid: Grid, latitude: float) -> tuple[float, float, float]:
    """The radii of curvature nu and rho, and eta squared (equation C2)."""
    bend = 1 - grid.ellipsoid.e2 * sin(latitude) ** 2
    nu = grid.ellipsoid.a * grid.scale / sqrt(bend)
    rho = grid.ellipsoid.a * grid.scale * (1 - grid.ellipsoid.e2) / bend**1.5
    return nu, rho, nu / rho - 1


def _project(grid: Grid, where: Geographic) -> tuple[float, float]:
    """Easting and northing of a point on the grid's own datum (equations C1 to C5)."""
    latitude = radians(where.latitude)
    nu, rho, eta2 = _radii(grid, latitude)
    s, c, t2 = sin(latitude), cos(latitude), tan(latitude) ** 2
    east = radians(where.longitude - grid.origin.longitude)
    northing = (
        _meridian(grid, latitude)
        + grid.false_northing
        + nu / 2 * s * c * east**2
        + nu / 24 * s * c**3 * (5 - t2 + 9 * eta2) * east**4
        + nu / 720 * s * c**5 * (61 - 58 * t2 + t2**2) * east**6
    )
    easting = (
        grid.false_easting
        + nu * c * east
        + nu / 6 * c**3 * (nu / rho - t2) * east**3
        + nu / 120 * c**5 * (5 - 18 * t2 + t2**2 + 14 * eta2 - 58 * t2 * eta2) * east**5
    )
    return easting, northing


def _unproject(grid: Grid, place: tuple[float, float]) -> Geographic:
    """The point on the grid's own datum of an easting and northing (equations C6 to C9)."""
    easting, northing = place
    latitude = radians(grid.origin.latitude)
    for _ in range(12):
        short = northing - grid.false_northing - _meridian(grid, latitude)
        latitude += short / (grid.ellipsoid.a * grid.scale)
    nu, rho, eta2 = _radii(grid, latitude)
    t, t2, sec = tan(latitude), tan(latitude) ** 2, 1 / cos(latitude)
    east = easting - grid.false_easting
    north = (
        t / (2 * rho * nu) * east**2
        - t / (24 * rho * nu**3) * (5 + 3 * t2 + eta2 - 9 * t2 * eta2) * east**4
        + t / (720 * rho * nu**5) * (61 + 90 * t2 + 45 * t2**2) * east**6
    )
    turn = (
        sec / nu * east
        - sec / (6 * nu**3) * (nu / rho + 2 * t2) * east**3
        + sec / (120 * nu**5) * (5 + 28 * t2 + 24 * t2**2) * east**5
        - sec / (5040 * nu**7) * (61 + 662 * t2 + 1320 * t2**2 + 720 * t2**3) * east**7
    )
    return Geographic(degrees(latitude - north), grid.origin.longitude + degrees(turn))
