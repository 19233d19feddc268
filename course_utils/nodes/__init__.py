"""Nodes: pairs of ``forward`` and ``backward`` in NumPy."""

from course_utils.nodes.activations import ReLU, Sigmoid, Softmax
from course_utils.nodes.affine import Affine, MatMul
from course_utils.nodes.arithmetic import Add, Exp, Log, Mul, Negate, Power, Reciprocal
from course_utils.nodes.losses import MeanSquaredError, SigmoidWithLoss, SoftmaxWithLoss
from course_utils.nodes.node import Node

__all__ = [
    "Add",
    "Affine",
    "Exp",
    "Log",
    "MatMul",
    "MeanSquaredError",
    "Mul",
    "Negate",
    "Node",
    "Power",
    "ReLU",
    "Reciprocal",
    "Sigmoid",
    "SigmoidWithLoss",
    "Softmax",
    "SoftmaxWithLoss",
]
