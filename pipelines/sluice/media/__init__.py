"""Pictures, recordings and files of a call that may leave: read here, covered here, and only then sent.

`call` does that for a whole call. `images` looks at pictures in a process of its own, which does what `workshop`
says: open (`pictures`), read (`ocr`, `codes`, `layout`), find faces (`faces`), cover (`covering`). `misread` undoes
a reader's mistakes, `speech` has a local server turn recordings into text.
"""

from sluice.media.call import Media, Seen
from sluice.media.images import Images
from sluice.media.misread import readings, together

__all__ = ["Images", "Media", "Seen", "readings", "together"]
