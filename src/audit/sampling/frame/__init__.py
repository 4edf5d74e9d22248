"""Freezes who could be drawn: one Parquet file from one run, with a digest, never changed afterwards."""

from audit.sampling.frame.build import build_frame
from audit.sampling.frame.record import POPULATIONS, Frame, Population, frame_records, read_frame

__all__ = ["POPULATIONS", "Frame", "Population", "build_frame", "frame_records", "read_frame"]
