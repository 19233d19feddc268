"""Layers and losses of all kinds, as tests go through them."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from oracles import LAYERS, LOSSES

KINDS = LAYERS | LOSSES
every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
each_layer = pytest.mark.parametrize("kind", LAYERS.values(), ids=LAYERS)
few = settings(max_examples=60, deadline=None, derandomize=True)
small = st.integers(1, 5)
kinds = st.sampled_from(list(KINDS.values()))
SIZES = [(2, 3, 4), (1, 3, 2), (3, 1, 2), (4, 2, 1), (1, 1, 1), (3, 3, 3)]
