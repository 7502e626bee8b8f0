"""Makes the images of this directory, each with NAME.rgb beside it: the pixels of Image.open(f).convert("RGB").

They are 13 x 9 pixels. Grey of 16 bits is the exception, of which .rgb has the upper 8 bits: Pillow clips it at 255.
Files with "refused" in their name have no .rgb. Made with Python 3.11, Pillow 9.4 and numpy 1.24:

    python3 make_images.py
"""
import struct
import zlib

import numpy as np
from PIL import Image, ImageCms, PngImagePlugin

WIDTH, HEIGHT = 13, 9
rng = np.random.default_rng(7)
y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
smooth = np.stack([x * 255 // (WIDTH - 1), y * 255 // (HEIGHT - 1), (x + y) * 255 // (WIDTH + HEIGHT - 2)], -1)
colour = np.clip(smooth + rng.integers(-20, 21, smooth.shape), 0, 255).astype(np.uint8)
grey = colour[:, :, 0]
grey16 = (grey.astype(np.uint16) << 8) | rng.integers(0, 256, grey.shape).astype(np.uint16)
alpha = rng.integers(0, 256, grey.shape).astype(np.uint8)
alpha[0, :] = 0

RGB = Image.fromarray(colour)
GREY = Image.fromarray(grey)
GREY16 = Image.fromarray(grey16)
RGBA = Image.fromarray(np.dstack([colour, alpha]))
GREY_ALPHA = Image.merge("LA", [GREY, Image.fromarray(alpha)])
PALETTE = RGB.quantize(16)
BILEVEL = GREY.convert("1")


def save(image, name, **options):
    image.save(name, **options)
    expected(name)


def expected(name):
    image = Image.open(name)
    if image.mode.startswith("I"):
        array = np.array(image).astype(np.uint32) >> 8
        rgb = np.repeat(array.astype(np.uint8)[:, :, None], 3, 2)
    else:
        rgb = np.array(image.convert("RGB"))
    assert rgb.shape == (HEIGHT, WIDTH, 3), name
    with open(name + ".rgb", "wb") as out:
        out.write(rgb.tobytes())


def png(name, bits, colour_type, rows, chunks=()):
    """PNG files of kinds that Pillow does not write."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, bits, colour_type, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    with open(name, "wb") as out:
        out.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header))
        for kind, content in chunks:
            out.write(chunk(kind, content))
        out.write(chunk(b"IDAT", data) + chunk(b"IEND", b""))
    expected(name)


def packed(levels, bits):
    """Rows of numbers of 2 or 4 bits."""
    for row in levels:
        line = "".join(format(int(v), "0%db" % bits) for v in row)
        line += "0" * (-len(line) % 8)
        yield int(line, 2).to_bytes(len(line) // 8, "big")


def bmp565(name):
    r, g, b = (colour[:, :, c].astype(np.uint16) for c in range(3))
    pixels = ((r >> 3) << 11 | (g >> 2) << 5 | b >> 3).astype("<u2")
    rows = [row.tobytes() + b"\0" * (-2 * WIDTH % 4) for row in pixels[::-1]]
    data = b"".join(rows)
    offset = 14 + 40 + 12
    with open(name, "wb") as out:
        out.write(struct.pack("<2sIHHI", b"BM", offset + len(data), 0, 0, offset))
        out.write(struct.pack("<IiiHHIIiiII", 40, WIDTH, HEIGHT, 1, 16, 3, len(data), 2835, 2835, 0, 0))
        out.write(struct.pack("<III", 0xF800, 0x07E0, 0x001F) + data)
    expected(name)


save(GREY, "grey.png")
save(GREY16, "grey16.png")
save(GREY_ALPHA, "grey_alpha.png")
save(RGB, "rgb.png")
save(RGBA, "rgba.png")
save(PALETTE, "palette.png")
save(PALETTE, "palette4.png", bits=4)
save(PALETTE, "palette_transparent.png", transparency=bytes(range(0, 256, 16)))
save(BILEVEL, "bilevel.png")
save(GREY, "grey_transparent.png", transparency=int(grey[4, 4]))
save(RGB, "rgb_transparent.png", transparency=tuple(int(v) for v in colour[4, 4]))
gamma = PngImagePlugin.PngInfo()
gamma.add(b"gAMA", struct.pack(">I", 100000))
save(GREY, "grey_gamma.png", pnginfo=gamma)
profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
save(RGB, "rgb_profile.png", icc_profile=profile)
wide = (colour.astype(np.uint16) << 8) | rng.integers(0, 256, colour.shape).astype(np.uint16)
png("rgb16.png", 16, 2, [row.astype(">u2").tobytes() for row in wide])
png("rgba16.png", 16, 6, [row.astype(">u2").tobytes() for row in np.dstack([wide, grey16])])
png("grey_alpha16.png", 16, 4, [row.astype(">u2").tobytes() for row in np.dstack([grey16, grey16])])
png("grey2.png", 2, 0, packed(grey >> 6, 2))
png("grey4.png", 4, 0, packed(grey >> 4, 4))

save(GREY, "grey.jpg", quality=90)
save(RGB, "rgb444.jpg", quality=90, subsampling=0)
save(RGB, "rgb420.jpg", quality=90, subsampling=2)
save(RGB, "progressive.jpg", quality=90, progressive=True)
save(RGB, "profile.jpg", quality=90, icc_profile=profile)
turned = Image.Exif()
turned[0x0112] = 6
save(RGB, "orientation.jpg", quality=90, exif=turned)
RGB.convert("CMYK").save("cmyk_refused.jpg", quality=90)

save(GREY, "grey.bmp")
save(RGB, "rgb.bmp")
save(RGBA, "rgba.bmp")
save(PALETTE, "palette.bmp")
save(BILEVEL, "bilevel.bmp")
bmp565("rgb565.bmp")

save(GREY, "grey.gif")
save(PALETTE, "palette.gif")
save(PALETTE, "palette_transparent.gif", transparency=3)

save(GREY, "grey.tiff")
save(GREY16, "grey16.tiff")
save(RGB, "rgb.tiff")
save(RGBA, "rgba.tiff")
save(PALETTE, "palette.tiff")
save(BILEVEL, "bilevel.tiff")
save(RGB, "lzw.tiff", compression="tiff_lzw")
save(RGB, "deflate.tiff", compression="tiff_adobe_deflate")
Image.fromarray(grey.astype(np.float32)).save("float_refused.tiff")
RGB.convert("CMYK").save("cmyk_refused.tiff")
