"""One node (lesson 00): price × count, to try a slider on."""

from course_utils.explorers.explorer import Explorer, slider
from course_utils.graph import Variable
from course_utils.pictures import draw


def picture(price, count):
    """Return the picture of price × count, forward only."""
    cost = Variable(price, "price") * Variable(count, "count")
    cost.name = "cost"
    return draw(cost, room=6)


def explore():
    """Return the explorer: a slider each for the price and the count."""
    return Explorer(
        picture, {"price": slider("price", 100, 0, 200), "count": slider("count", 2, 0, 10)}
    )
