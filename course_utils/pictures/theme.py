"""The one theme of every picture: colours, type and line widths.

Never by colour alone: forward values are solid lines and stand above an edge; gradients are
dashed, point backward and stand below it.
"""

FORWARD = "#0072B2"  # blue: values, solid
GRADIENT = "#D55E00"  # vermilion: gradients, dashed
GRADIENT_TEXT = "#B34E00"  # the same hue, dark enough to read as text on white
GRADIENT_FILL = "#FCECE1"  # pale vermilion
PARAMETER = "#009E73"  # green: parameters, square
PARAMETER_TEXT = "#00704F"  # dark enough to read as text on white
INK = "#1A1A1A"
NODE_FILL = "#F2F2F2"
INPUT_FILL = "#E3F1FA"
PARAMETER_FILL = "#E4F5F0"
POSITIVE_FILL = "#56B4E9"  # sky blue: above 0 in a heat map
NEGATIVE_FILL = "#E69F00"  # orange: below 0 in a heat map
HIGHLIGHT = "#F8E769"  # yellow, as a fill only
QUIET = "#767676"  # what has not been reached yet
PAPER = "#FFFFFF"

FONT = "'DejaVu Sans', Verdana, 'Segoe UI', Arial, sans-serif"
TEXT_SIZE = 21  # px: 16 pt
SMALL_SIZE = 18  # px: the numbers along an axis, and what is said beside a picture
LINE = 2.5
DASH = "7 5"  # of a gradient's line
CHARACTER = 0.65 * TEXT_SIZE  # no wider in any of the fonts above
