"""Systems of every common projection method in the spellings of WKT, and where PROJ puts a point of each.

Prints a JSON list of {name, spelling, text, x, y, lon, lat}; longitudes and latitudes are on the system's own datum.
"""
import json

from osgeo import osr

osr.UseExceptions()
SYSTEMS = {
    "transverse Mercator": ("+proj=tmerc +lat_0=40 +lon_0=-75 +k=0.9996 +x_0=200000 +y_0=0 +ellps=GRS80 +units=us-ft", 700000, 500000),
    "Lambert conic of two parallels, feet": ("+proj=lcc +lat_1=41 +lat_2=43 +lat_0=40 +lon_0=-75 +x_0=600000 +y_0=0 +datum=NAD83 +units=ft", 2000000, 500000),
    "Lambert conic of one parallel": ("+proj=lcc +lat_1=46.5 +lat_0=46.5 +lon_0=2 +k_0=0.99987742 +x_0=600000 +y_0=200000 +datum=WGS84", 650000, 250000),
    "Albers": ("+proj=aea +lat_1=29.5 +lat_2=45.5 +lat_0=23 +lon_0=-96 +datum=NAD83", 100000, 1000000),
    "equidistant conic": ("+proj=eqdc +lat_1=40 +lat_2=50 +lat_0=45 +lon_0=10 +datum=WGS84", 10000, 10000),
    "Lambert azimuthal": ("+proj=laea +lat_0=52 +lon_0=10 +x_0=4321000 +y_0=3210000 +ellps=GRS80", 4400000, 3300000),
    "azimuthal equidistant": ("+proj=aeqd +lat_0=52 +lon_0=10 +datum=WGS84", 50000, 60000),
    "stereographic": ("+proj=stere +lat_0=46 +lon_0=25 +k=0.99975 +x_0=500000 +y_0=500000 +datum=WGS84", 600000, 450000),
    "double stereographic": ("+proj=sterea +lat_0=52 +lon_0=5 +k=0.9999079 +x_0=155000 +y_0=463000 +datum=WGS84", 200000, 400000),
    "polar stereographic, true at 70° N": ("+proj=stere +lat_0=90 +lat_ts=70 +lon_0=-45 +datum=WGS84", 100000, -1000000),
    "polar stereographic, true at 71° S": ("+proj=stere +lat_0=-90 +lat_ts=-71 +lon_0=0 +datum=WGS84", 100000, 1000000),
    "polar stereographic, by a factor": ("+proj=stere +lat_0=90 +k=0.994 +lon_0=0 +x_0=2000000 +y_0=2000000 +datum=WGS84", 2100000, 1000000),
    "Mercator, true at 45°": ("+proj=merc +lat_ts=45 +lon_0=0 +datum=WGS84", 100000, 4000000),
    "Mercator, by a factor": ("+proj=merc +k=0.9 +lon_0=110 +x_0=3900000 +y_0=900000 +datum=WGS84", 4000000, 800000),
    "equidistant cylindrical": ("+proj=eqc +lat_ts=30 +lon_0=10 +datum=WGS84", 100000, 4000000),
    "equal-area cylindrical": ("+proj=cea +lat_ts=30 +lon_0=0 +datum=WGS84", 1000000, 5000000),
    "sinusoidal of a sphere": ("+proj=sinu +lon_0=0 +R=6371007.181", 1000000, 5000000),
    "Mollweide": ("+proj=moll +lon_0=0 +datum=WGS84", 1000000, 5000000),
    "Robinson": ("+proj=robin +lon_0=0 +datum=WGS84", 1000000, 5000000),
    "Miller": ("+proj=mill +lon_0=0 +R=6371000", 1000000, 5000000),
    "van der Grinten": ("+proj=vandg +lon_0=0 +R=6371000", 1000000, 5000000),
    "Cassini": ("+proj=cass +lat_0=10 +lon_0=-61 +x_0=86501 +y_0=65379 +datum=WGS84", 90000, 60000),
    "polyconic": ("+proj=poly +lat_0=0 +lon_0=-54 +x_0=5000000 +y_0=10000000 +datum=WGS84", 5100000, 9000000),
    "orthographic of a sphere": ("+proj=ortho +lat_0=40 +lon_0=10 +R=6371000", 100000, 200000),
    "gnomonic of a sphere": ("+proj=gnom +lat_0=40 +lon_0=10 +R=6371000", 100000, 200000),
    "geostationary, sweep in y": ("+proj=geos +h=35785831 +lon_0=0 +sweep=y +ellps=GRS80", 500000, 3000000),
    "geostationary, sweep in x": ("+proj=geos +h=35786023 +lon_0=-75 +sweep=x +ellps=GRS80", 500000, 3000000),
    "oblique Mercator of the centre": ("+proj=omerc +lat_0=4 +lonc=102.25 +alpha=323.0257905 +k=0.99984 +x_0=804671 +y_0=0 +gamma=323.13010 +ellps=GRS80", 800000, 400000),
    "oblique Mercator of the natural origin": ("+proj=omerc +no_uoff +lat_0=4 +lonc=102.25 +alpha=323.0257905 +k=0.99984 +x_0=804671 +y_0=0 +gamma=323.13010 +ellps=GRS80", 800000, 400000),
    "grads from Paris": ("+proj=lcc +lat_1=46.8 +lat_0=46.8 +lon_0=0 +k_0=0.99987742 +x_0=600000 +y_0=2200000 +a=6378249.2 +b=6356515 +pm=paris", 650000, 2250000),
}
out = []
for name, (text, x, y) in SYSTEMS.items():
    srs = osr.SpatialReference()
    srs.ImportFromProj4(text)
    srs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    base = srs.CloneGeogCS()
    # Longitudes from Greenwich whatever the system counts from.
    if "pm=" in text:
        base.ImportFromProj4("+proj=longlat +a=6378249.2 +b=6356515")
    base.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    lon, lat, _ = osr.CoordinateTransformation(srs, base).TransformPoint(x, y)
    for spelling, option in (("WKT 1", "FORMAT=WKT1_GDAL"), ("ESRI", "FORMAT=WKT1_ESRI"), ("WKT 2", "FORMAT=WKT2_2019")):
        try:
            wkt = srs.ExportToWkt([option])
        except RuntimeError:
            continue
        # ESRI's local system may be turned; proj4 has none like it.
        if 'PROJECTION["Local"]' in wkt:
            continue
        # What ESRI cannot say PROJ writes as an approximation.
        back = osr.SpatialReference()
        back.ImportFromWkt(wkt)
        back.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        p = osr.CoordinateTransformation(back, base).TransformPoint(x, y)
        if abs(p[0] - lon) > 1e-6 or abs(p[1] - lat) > 1e-6:
            continue
        out.append({"name": name, "spelling": spelling, "text": wkt, "x": x, "y": y, "lon": lon, "lat": lat})
print(json.dumps(out))
