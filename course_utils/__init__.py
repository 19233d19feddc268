"""Everything the notebooks share: nodes, graphs, pictures, explorers and exercise checks.

One idea carries all of it: a node has ``forward(*inputs) -> output`` and
``backward(upstream) -> one gradient for each input``. Start reading in ``nodes/arithmetic.py``.
"""
