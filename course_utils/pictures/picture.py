"""A picture as a value, and the few lines of markup that every picture is made of."""

from dataclasses import dataclass, field
from html import escape

from course_utils.pictures import theme


@dataclass(frozen=True)
class Picture:
    """Markup with the alternative text that says the same in words.

    Attributes:
        markup: HTML or SVG that carries ``alt`` itself, as ``aria-label`` or ``alt``.
        alt: what the picture shows, with its key numbers.
        parts: the SVG elements it is made of, where one SVG is all of it; see ``inside``.
    """

    markup: str
    alt: str
    parts: tuple = field(default=(), repr=False)

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/html": self.markup, "text/plain": self.alt}

    def with_caption(self, caption):
        """Return the picture with a line of text under it."""
        style = f"font:18px {theme.FONT};color:{theme.INK};background:{theme.PAPER}"
        style = escape(f"{style};margin:0;padding:4px 12px;min-height:3em")
        below = f'<p style="{style}">{escape(caption)}</p>'
        return Picture(self.markup + below, f"{self.alt} {caption}")


def svg(width, height, parts, alt):
    """Return a Picture of SVG elements on white paper, never wider than its page."""
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(alt)}" '
        f'width="{number(width)}" height="{number(height)}" '
        f'viewBox="0 0 {number(width)} {number(height)}" '
        f'font-family="{escape(theme.FONT)}" font-size="{theme.TEXT_SIZE}" '
        f'style="max-width:100%;height:auto;background:{theme.PAPER}">'
    )
    return Picture("\n".join([opening, *parts, "</svg>"]), alt, tuple(parts))


def inside(picture, x, y):
    """Return the SVG elements of a picture as one part of another, with its corner at x, y.

    Its size, its white paper and its alternative text are left out.

    Raises:
        ValueError: the picture is not made of SVG elements alone: a figure, or one with a caption.
    """
    if not picture.parts:
        raise ValueError("inside: expected a picture of SVG elements, without a caption")
    content = "\n".join(picture.parts)
    return tag("g", content, transform=f"translate({number(x)},{number(y)})")


def tag(name, content=None, **attributes):
    """Return one SVG element; ``stroke_width=2`` becomes ``stroke-width="2"``."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{number(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}/>" if content is None else f"<{name}{written}>{content}</{name}>"


def label(x, y, text, fill=theme.INK, anchor="middle", **attributes):
    """Return text centred on y."""
    baseline = y + 0.35 * attributes.get("font_size", theme.TEXT_SIZE)
    return tag("text", escape(text), x=x, y=baseline, fill=fill, text_anchor=anchor, **attributes)


def line(points, stroke, **attributes):
    """Return a polyline through (x, y) points."""
    path = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    attributes = {"stroke_width": theme.LINE, "stroke_linejoin": "round"} | attributes
    return tag("polyline", points=path, fill="none", stroke=stroke, **attributes)


def arrowhead(tip, direction, fill, size=11):
    """Return a triangle at ``tip`` that points along the unit vector ``direction``."""
    (x, y), (dx, dy) = tip, direction
    back_x, back_y, half = x - size * dx, y - size * dy, 0.45 * size
    corners = [(x, y), (back_x - half * dy, back_y + half * dx)]
    corners.append((back_x + half * dy, back_y - half * dx))
    points = " ".join(f"{number(px)},{number(py)}" for px, py in corners)
    return tag("polygon", points=points, fill=fill)


def number(value):
    """Return an attribute's value; numbers with at most one decimal, so that bytes stay put."""
    if isinstance(value, str):
        return value
    text = f"{float(value):.1f}".removesuffix(".0")
    return "0" if text == "-0" else text
