"""Nodes: pairs of ``forward`` and ``backward`` in NumPy."""

from course_utils.nodes.arithmetic import Add, Exp, Log, Mul, Negate, Power, Reciprocal
from course_utils.nodes.node import Node

__all__ = ["Add", "Exp", "Log", "Mul", "Negate", "Node", "Power", "Reciprocal"]
