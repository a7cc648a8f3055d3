"""Writes src/georeference/epsg-table.generated.ts and fixtures/epsg-answers.csv from PROJ's own database.

usage: /usr/bin/python3 scripts/generate-epsg-table.py   (Debian: python3-pyproj, python3-numpy)

Definitions are PROJ's by code. The shift to WGS 84 is the operation that PROJ chooses at the middle of the area of use
when it has no grid files; what cannot be said as seven parameters is fitted to PROJ's answers.
"""
import base64
import multiprocessing
import os
import re
import shutil
import sqlite3
import tempfile
import warnings
import zlib

import numpy as np
import pyproj
import pyproj.database

warnings.simplefilter("ignore")
here = os.path.dirname(os.path.abspath(__file__))
database = os.path.join(pyproj.datadir.get_data_dir(), "proj.db")
# A folder with the database alone: PROJ then has no grid to choose.
bare = tempfile.mkdtemp()
shutil.copy(database, bare)
pyproj.datadir.set_data_dir(bare)
pyproj.network.set_network_enabled(False)

from pyproj import CRS, Transformer  # noqa: E402

KINDS = {"projected": "p", "geographic 2D": "g", "geographic 3D": "g", "geocentric": "c", "compound": "p"}
ARC_SECOND = np.pi / 180 / 3600
WGS84 = (6378137.0, 1 / 298.257223563)


def rows_of_database():
    connection = sqlite3.connect(database)
    listed = ", ".join("'%s'" % kind for kind in KINDS)
    return connection.execute(
        "select cast(code as integer), name, type from crs_view where auth_name = 'EPSG' and type in (%s) order by 1" % listed
    ).fetchall()


def definition_of(crs):
    """PROJ's definition without what is the default or told apart elsewhere."""
    text = crs.to_proj4()
    if not text:
        return None
    text = re.sub(r"\s*\+(no_defs|type=crs|wktext|units=m)\b(?!\S)", "", text)
    text = re.sub(r"\s*\+(geoidgrids|vunits|vto_meter)=\S+", "", text)
    text = text.replace("+datum=NAD27", "+ellps=clrk66").replace("+datum=NAD83", "+ellps=GRS80")
    if crs.is_geographic:
        unit = crs.coordinate_system.axis_list[0].unit_conversion_factor / (np.pi / 180)
        if abs(unit - 1) > 1e-9:
            text += " +to_degree=%.12g" % unit
    return text


def area_points(crs, side):
    area = crs.area_of_use
    if area is None:
        return None
    west, south, east, north = area.west, area.south, area.east, area.north
    if east < west:
        east += 360
    # The middle first; the poles and the antimeridian themselves belong to no one longitude.
    fractions = [0.5] + [f for f in np.linspace(0.1, 0.9, side) if abs(f - 0.5) > 1e-9]
    points = [
        (west + (east - west) * x, min(89.9, max(-89.9, south + (north - south) * y))) for y in fractions for x in fractions
    ]
    return [(round(lon - 360 if lon > 180 else lon, 6), round(lat, 6)) for lon, lat in points]


def parameters(text):
    """The Helmert step of an operation from WGS 84, as towgs84; None where it is something else."""
    steps = re.split(r"\bstep\b", text)
    helmerts = [step for step in steps if "proj=helmert" in step]
    others = r"proj=(molobadekas|molodensky|hgridshift|geogoffset|affine|deformation|xyzgridshift)"
    if re.search(others, text) or len(helmerts) > 1:
        return None
    if not helmerts:
        return [0.0] * 7
    step = helmerts[0]
    number = lambda name: float((re.search(r"\b%s=(\S+)" % name, step) or [0, 0])[1])
    sign = 1 if re.search(r"\binv\b", step) else -1
    turn = -1 if "coordinate_frame" in step else 1
    shift = [sign * number(name) for name in ("x", "y", "z")]
    return shift + [sign * turn * number(name) for name in ("rx", "ry", "rz")] + [sign * number("s")]


def geocentric(lon, lat, a, f):
    e2 = f * (2 - f)
    lon, lat = np.radians(lon), np.radians(lat)
    n = a / np.sqrt(1 - e2 * np.sin(lat) ** 2)
    return np.stack([n * np.cos(lat) * np.cos(lon), n * np.cos(lat) * np.sin(lon), n * (1 - e2) * np.sin(lat)], 1)


def local_axes(lon, lat):
    lon, lat = np.radians(lon), np.radians(lat)
    zero = np.zeros_like(lon)
    east = np.stack([-np.sin(lon), np.cos(lon), zero], 1)
    north = np.stack([-np.sin(lat) * np.cos(lon), -np.sin(lat) * np.sin(lon), np.cos(lat)], 1)
    return east, north


def fitted(base, to_base, points):
    """towgs84 by least squares over PROJ's answers east and north; the height is free."""
    lon, lat = np.array(points).T
    blon, blat = to_base.transform(lon, lat)
    good = np.isfinite(blon) & np.isfinite(blat)
    if good.sum() < 4:
        return None
    lon, lat, blon, blat = lon[good], lat[good], np.asarray(blon)[good], np.asarray(blat)[good]
    unit = base.coordinate_system.axis_list[0].unit_conversion_factor / (np.pi / 180)
    meridian = base.prime_meridian.longitude * base.prime_meridian.unit_conversion_factor / (np.pi / 180)
    ellipsoid = base.ellipsoid
    f = 1 / ellipsoid.inverse_flattening if ellipsoid.inverse_flattening else 0.0
    source = geocentric(blon * unit + meridian, blat * unit, ellipsoid.semi_major_metre, f)
    target = geocentric(lon, lat, *WGS84)
    east, north = local_axes(lon, lat)
    columns = []
    for i in range(7):
        d = np.zeros_like(source)
        if i < 3:
            d[:, i] = 1
        elif i == 3:
            d[:, 1], d[:, 2] = -source[:, 2] * ARC_SECOND, source[:, 1] * ARC_SECOND
        elif i == 4:
            d[:, 0], d[:, 2] = source[:, 2] * ARC_SECOND, -source[:, 0] * ARC_SECOND
        elif i == 5:
            d[:, 0], d[:, 1] = -source[:, 1] * ARC_SECOND, source[:, 0] * ARC_SECOND
        else:
            d = source * 1e-6
        columns.append(d)
    project = lambda d: np.concatenate([(d * east).sum(1), (d * north).sum(1)])
    # Three translations first: more only where they are called for.
    for count in (3, 7):
        matrix = np.stack([project(c) for c in columns[:count]], 1)
        wanted = project(target - source)
        solution = np.linalg.lstsq(matrix, wanted, rcond=1e-12)[0]
        if np.abs(matrix @ solution - wanted).max() < 0.05:
            break
    return [round(v, 5) for v in solution] + [0.0] * (7 - count)


def shift_of(crs, base, points):
    """(towgs84 or None, accuracy in metres or -1, operation) as PROJ chooses without grids."""
    forward = Transformer.from_crs(4326, crs, always_xy=True)
    answer = forward.transform(*points[0])
    if not np.all(np.isfinite(answer)):
        return None, -1, ""
    try:
        used = forward.get_last_used_operation()
    except pyproj.exceptions.ProjError:
        used = forward
    text = used.definition or ""
    accuracy = used.accuracy if used.accuracy is not None else -1
    if "allpark" in (used.description or ""):
        return None, -1, text
    found = parameters(text)
    if found is not None and check(crs, base, found, points[0], answer):
        return found, accuracy, text
    used_only = Transformer.from_pipeline("+proj=noop") if not text else None
    to_base = used_only or Transformer.from_crs(4326, base, always_xy=True)
    found = fitted(base, to_base, points)
    if found is not None and check(crs, base, found, points[0], answer):
        return found, accuracy, text
    return None, -1, text


def check(crs, base, towgs84, point, answer):
    """True where PROJ's own definition with these parameters gives PROJ's answer, to 5 cm."""
    plain = definition_of(base)
    if plain is None:
        return False
    unit = re.search(r"\+to_degree=(\S+)", plain)
    plain = re.sub(r"\s*\+(datum=WGS84|to_degree=\S+)", lambda m: " +ellps=WGS84" if "datum" in m[0] else "", plain)
    shifted = CRS.from_proj4("%s +towgs84=%s +type=crs" % (plain, ",".join("%.9g" % v for v in towgs84)))
    lon, lat = Transformer.from_crs(4326, shifted, always_xy=True).transform(*point)
    if unit:
        lon, lat = lon / float(unit[1]), lat / float(unit[1])
    ends = Transformer.from_crs(base, crs, always_xy=True)
    x, y = ends.transform(lon, lat)
    metres = 111320.0 if crs.is_geographic else crs.coordinate_system.axis_list[0].unit_conversion_factor
    return bool(np.hypot(x - answer[0], y - answer[1]) * metres < 0.05)


def geographic_base(crs):
    base = crs if crs.is_geographic else crs.geodetic_crs
    return base.to_2d() if hasattr(base, "to_2d") else base


def grid_accuracies():
    """By geodetic code: (west, south, east, north, accuracy in metres) of the operations by grid in the registry."""
    connection = sqlite3.connect(database)
    out = {}
    for source, target, accuracy, *box in connection.execute(
        """select g.source_crs_code, g.target_crs_code, g.accuracy, e.west_lon, e.south_lat, e.east_lon, e.north_lat
        from grid_transformation g join usage u on u.object_table_name = 'grid_transformation' and u.object_code = g.code
        and u.object_auth_name = g.auth_name join extent e on e.code = u.extent_code and e.auth_name = u.extent_auth_name
        where g.deprecated = 0 and g.accuracy is not null and g.method_name not like '%%height%%'"""
    ):
        for code in (source, target):
            out.setdefault(str(code), []).append((*box, float(accuracy)))
    return out


GRIDS = grid_accuracies()


def best_by_grid(base_code, point):
    """The accuracy in metres of the best operation by grid at a place; -1 where there is none."""
    lon, lat = point
    best = [
        accuracy
        for west, south, east, north, accuracy in GRIDS.get(str(base_code), [])
        if south <= lat <= north and (west <= lon <= east if west <= east else lon >= west or lon <= east)
    ]
    return min(best) if best else -1


def describe(row):
    """(row of the table or None, line of answers or None, why it was dropped or None) of a code."""
    code, name, kind = row
    crs = CRS.from_epsg(code)
    horizontal = crs.sub_crs_list[0] if crs.is_compound else crs
    letter = "g" if crs.is_compound and horizontal.is_geographic else KINDS[kind]
    name = name.replace("\n", " ")
    definition = definition_of(horizontal)
    if definition is None:
        return None, None, (code, name, "no PROJ string")
    if letter == "c":
        return [code, letter, name, definition, crs.datum.name, -1, -1, 0], None, None
    base = geographic_base(horizontal)
    points = area_points(crs, 4) or area_points(horizontal, 4)
    if points is None:
        return None, None, (code, name, "no area of use")
    towgs84, accuracy, operation = shift_of(horizontal, base, points)
    base_code = base.to_epsg() or 0
    forward = Transformer.from_crs(4326, horizontal, always_xy=True)
    line = []
    for point in [points[0], points[len(points) // 3]]:
        x, y = forward.transform(*point)
        try:
            same = forward.get_last_used_operation().definition == operation
        except pyproj.exceptions.ProjError:
            same = True
        if same and np.isfinite(x) and np.isfinite(y):
            digits = 8 if horizontal.is_geographic else 3
            line += ["%.6f" % point[0], "%.6f" % point[1], "%.*f" % (digits, x), "%.*f" % (digits, y)]
    grid = best_by_grid(base_code, points[0])
    return [code, letter, name, definition, towgs84, accuracy, grid, base_code], ",".join([str(code)] + line), None


def attempt(row):
    try:
        return describe(row)
    except Exception as error:  # noqa: BLE001: one system must not keep the others from the table
        return None, None, (row[0], row[1], repr(error))


def main():
    with multiprocessing.Pool(2) as pool:
        found = pool.map(attempt, rows_of_database(), chunksize=50)
    rows = [row for row, _, _ in found if row]
    by_datum = {CRS.from_epsg(row[7]).datum.name: row for row in rows if row[1] == "g" and row[7]}
    for row in rows:
        if row[1] == "c":
            like = by_datum.get(row[4])
            row[4:] = like[4:] if like else [None, -1, -1, 0]
    return rows, [line for _, line, _ in found if line], [why for _, _, why in found if why]


def number(value, digits=12):
    return "%.*g" % (digits, value)


# Datums whose usual definition is a grid file; the parameters at hand are a makeshift for them.
GRID_DATUMS = {4122, 4203, 4225, 4267, 4272, 4277, 4314, 4608, 4609, 4745, 4746, 5524}

# PROJ's names of prime meridians (`cs2cs -lm`), which proj4 does not all know, in degrees.
MERIDIANS = {
    "lisbon": -(9 + 7 / 60 + 54.862 / 3600),
    "paris": 2 + 20 / 60 + 14.025 / 3600,
    "bogota": -(74 + 4 / 60 + 51.3 / 3600),
    "madrid": -(3 + 41 / 60 + 16.58 / 3600),
    "rome": 12 + 27 / 60 + 8.4 / 3600,
    "bern": 7 + 26 / 60 + 22.5 / 3600,
    "jakarta": 106 + 48 / 60 + 27.79 / 3600,
    "ferro": -(17 + 40 / 60),
    "brussels": 4 + 22 / 60 + 4.71 / 3600,
    "stockholm": 18 + 3 / 60 + 29.8 / 3600,
    "athens": 23 + 42 / 60 + 58.815 / 3600,
    "oslo": 10 + 43 / 60 + 22.5 / 3600,
}


def abbreviated(definition):
    # Names of prime meridians differ between PROJ and proj4.
    text = re.sub(r"\+pm=([a-z]+)", lambda m: "+pm=%.13g" % MERIDIANS[m[1]], definition)
    # Latitudes on spheres are taken as they are.
    if re.search(r"\+R=|\+ellps=sphere", text) and "nadgrids" not in text:
        text += " +nadgrids=@null"
    text = re.sub(r"\s*\+(x_0|y_0|lat_0|lon_0)=0(?=\s|$)", "", text)
    text = re.sub(r"\s*\+k(_0)?=1(?=\s|$)", "", text)
    return text.replace(" +", " ").lstrip("+").strip()


def shift_text(towgs84):
    """Seven parameters, three where the others are zero, `0` for none at all, and nothing where they are not known."""
    if towgs84 is None or isinstance(towgs84, str):
        return towgs84 or ""
    if not any(towgs84):
        return "0"
    return ",".join(number(v) for v in (towgs84 if any(towgs84[3:]) else towgs84[:3]))


def accuracy_text(accuracy, grid, base):
    """Metres, and after a stroke those of a grid file; `?` where the shift is another area's."""
    own = accuracy if isinstance(accuracy, str) else "" if accuracy < 0 else number(accuracy, 4)
    return own + ("/" + number(grid, 4) if grid >= 0 and base in GRID_DATUMS else "")


def with_makeshifts(rows):
    """Null shifts for systems on WGS 84's ellipsoid that nothing relates to it, as PROJ has them; others get another area's."""
    by_base = {}
    for row in rows:
        if row[4] is not None and any(row[4]):
            by_base.setdefault(row[7], []).append(shift_text(row[4]))
    for row in rows:
        if row[4] is not None:
            continue
        if re.search(r"(ellps|datum)=(GRS80|WGS84)\b", row[3]):
            row[4], row[5] = [0.0] * 7, -1
        elif row[7] in by_base:
            texts = by_base[row[7]]
            row[4], row[5] = max(set(texts), key=texts.count), "?"
    return rows


def write(rows, answers):
    # Columns compress better than rows; codes as differences, because they come in runs.
    codes = [row[0] for row in rows]
    columns = [
        " ".join(str(code - before) for code, before in zip(codes, [0] + codes)),
        "\n".join(row[1] for row in rows),
        "\n".join(row[2] for row in rows),
        "\n".join(abbreviated(row[3]) for row in rows),
        "\n".join(shift_text(row[4]) for row in rows),
        "\n".join(accuracy_text(row[5], row[6], row[7]) for row in rows),
        "\n".join(str(row[7]) for row in rows),
    ]
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    # A tab between columns: a column may hold empty lines.
    packed = packer.compress("\t".join(columns).encode()) + packer.flush()
    version = "PROJ %s, EPSG %s" % (pyproj.proj_version_str, pyproj.database.get_database_metadata("EPSG.VERSION"))
    with open(os.path.join(here, "../src/georeference/epsg-table.generated.ts"), "w") as out:
        out.write("// Generated by scripts/generate-epsg-table.py from %s: %d systems. Do not edit.\n" % (version, len(rows)))
        out.write("/** Columns (code differences, kinds, names, PROJ strings, shifts, accuracies, geodetic codes), raw deflate, base64. */\n")
        out.write("export const epsgTable =\n  '%s';\n" % base64.b64encode(packed).decode())
    os.makedirs(os.path.join(here, "../fixtures"), exist_ok=True)
    with open(os.path.join(here, "../fixtures/epsg-answers.csv"), "w") as out:
        out.write("# %s without grid files: code, then longitude, latitude, easting, northing of places in the area of use\n" % version)
        out.write("\n".join(answers) + "\n")
    print("%d systems, %d bytes compressed" % (len(rows), len(packed)))


if __name__ == "__main__":
    rows, answers, dropped = main()
    write(with_makeshifts(rows), answers)
    for code, name, why in dropped:
        print("left out: EPSG:%d %s (%s)" % (code, name, why))
