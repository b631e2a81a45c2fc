"""Reads the first attributes of plain DICOM files fast; whatever is not perfectly plain is left to pydicom.

Plain is: a preamble, little endian with explicit VR (PS3.5 section 7.1.2) not deflated, tags in ascending order,
known VRs, defined lengths, everything wanted within the first :data:`HEAD` bytes and within the file. A test holds
what this reads against what pydicom reads.
"""

from __future__ import annotations

from collections.abc import Collection
from struct import Struct

from pydicom.uid import UID, DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ImplicitVRLittleEndian

HEAD = 65536
"""Bytes of a file that are looked at."""
PREAMBLE = 132
LONG = frozenset({b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"})
"""VRs whose length has four bytes."""
SHORT = frozenset(
    {b"AE", b"AS", b"AT", b"CS", b"DA", b"DS", b"DT", b"FD", b"FL", b"IS", b"LO", b"LT", b"PN", b"SH", b"SL", b"SS"}
    | {b"ST", b"TM", b"UI", b"UL", b"US"}
)
OTHERWISE = frozenset({ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian})
"""Transfer syntaxes whose data sets are written in another way."""
TRANSFER_SYNTAX = 0x00020010
UNDEFINED = 0xFFFFFFFF
_short, _long = Struct("<HH2sH").unpack_from, Struct("<L").unpack_from


def plain_values(head: bytes, size: int, wanted: Collection[int], last: int) -> dict[int, bytes] | None:
    """The values of the wanted tags up to ``last``; None for a file that is not plain.

    ``head`` are the first bytes of a file of ``size`` bytes; group 0002 is among them.
    """
    values: dict[int, bytes] = {}
    place, end, before = PREAMBLE, len(head), 0
    while place + 12 <= end:
        group, element, vr, length = _short(head, place)
        tag = group << 16 | element
        start = place + 8
        if vr in LONG:
            (length,) = _long(head, start)
            start += 4
        elif vr not in SHORT:
            return None
        stop = start + length
        if tag <= before or length == UNDEFINED or stop > size:
            return None
        if tag > last:
            break
        if tag in wanted:
            if stop > end:
                return None
            values[tag] = head[start:stop]
        place, before = stop, tag
    else:
        if place != size:
            return None
    return values if _is_written_so(values) else None


def _is_written_so(values: dict[int, bytes]) -> bool:
    syntax = values.get(TRANSFER_SYNTAX, b"").decode("ascii", "replace").rstrip(" \0")
    return UID(syntax).is_transfer_syntax and syntax not in OTHERWISE and not UID(syntax).is_private
