#!/bin/sh
# opencv-python-headless 5.0.0.93: one marker, drawn on whole pixels, and four ways of refining its corners that place them
# in three different coordinate systems. Without refinement (and by contour) a marker of 60 pixels measures 59: its corners
# are the middles of its outermost pixels. "Apriltag" gives the edges of the pixels, 60. "Subpix" gives those edges less
# half a pixel, and its square is smaller than 60 the more the picture is blurred. Who measures on paper against corners at
# 150 dpi and changes the method moves everything by 0.08 mm, or calls the sheet 1.7 % too small.
# Exits 1 when that is no longer so.
set -eu
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/v"
"$folder/v/bin/pip" -q install --disable-pip-version-check opencv-python-headless==5.0.0.93 numpy==2.4.6
"$folder/v/bin/python" - <<'PY'
import sys

import cv2
import numpy as np

SIDE, LEFT, TOP = 60, 120, 100
book = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
paper = np.full((300, 300), 255, np.uint8)
paper[TOP : TOP + SIDE, LEFT : LEFT + SIDE] = cv2.aruco.generateImageMarker(book, 0, SIDE)


def corners(method, blur):
    """Its first corner beside where the marker begins, and its width; pixels."""
    about = cv2.aruco.DetectorParameters()
    about.cornerRefinementMethod = getattr(cv2.aruco, f"CORNER_REFINE_{method}")
    seen = cv2.GaussianBlur(paper, (0, 0), blur) if blur else paper
    found = cv2.aruco.ArucoDetector(book, about).detectMarkers(seen)[0][0].reshape(4, 2)
    return float(found[0, 0] - LEFT), float(found[1, 0] - found[0, 0])


told = {(method, blur): corners(method, blur) for method in ("NONE", "CONTOUR", "SUBPIX", "APRILTAG") for blur in (0, 1)}
print(f"OpenCV {cv2.__version__}: a marker of {SIDE} pixels")
for (method, blur), (begins, wide) in told.items():
    print(f"  {method:9} blur {blur}: begins at {begins:+.2f}, is {wide:.2f} wide")
same = (
    all(abs(told[method, blur][1] - 59) < 0.05 for method in ("NONE", "CONTOUR") for blur in (0, 1))
    and all(abs(told["APRILTAG", blur][1] - 60) < 0.1 and abs(told["APRILTAG", blur][0]) < 0.05 for blur in (0, 1))
    and -0.5 < told["SUBPIX", 0][0] < -0.35
    and told["SUBPIX", 1][1] < told["SUBPIX", 0][1] < 60
)
sys.exit(0 if same else 1)
PY
