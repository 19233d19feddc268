"""Nodes: pairs of ``forward`` and ``backward`` in NumPy."""

from course_utils.nodes.activations import ReLU, Sigmoid, Softmax
from course_utils.nodes.affine import Affine, MatMul
from course_utils.nodes.arithmetic import Add, Exp, Log, Mean, Mul, Negate, Power, Reciprocal, Sum
from course_utils.nodes.convolution import Conv1d, Conv2d, Flatten, TransposedConv2d, ZeroPad2d
from course_utils.nodes.losses import MeanSquaredError, SigmoidWithLoss, SoftmaxWithLoss
from course_utils.nodes.node import Node
from course_utils.nodes.pooling import AveragePool2d, MaxPool2d

__all__ = [
    "Add",
    "Affine",
    "AveragePool2d",
    "Conv1d",
    "Conv2d",
    "Exp",
    "Flatten",
    "Log",
    "MatMul",
    "MaxPool2d",
    "Mean",
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
    "Sum",
    "TransposedConv2d",
    "ZeroPad2d",
]
