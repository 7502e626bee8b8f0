import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Overwrites with zeros, in a shared library, the GPU code that one kind of GPU never loads: a library holds each kernel once for
 * every generation of GPUs. Nothing moves, so the library stays as it is for the loader, and zeros compress to nothing.
 *
 * <p>GPU code lies in sections {@code .nv_fatbin} and {@code __nv_relfatbin} as "fat binaries": a header (magic, version,
 * length) and images, each with a header of its own (kind, header length, length, architecture). The driver takes the image
 * of its GPU's major architecture with the highest minor one that is not above the GPU's, else it compiles PTX.
 *
 * <p>Run as {@code java TrimGpuCode.java ARCHITECTURE LIBRARY...}, with 90 for compute capability 9.0.
 */
final class TrimGpuCode {
    private static final int FAT_BINARY = 0xBA55ED50;
    private static final int PTX = 1;
    private static final int MACHINE_CODE = 2;
    private static final int ELF_MAGIC = 0x464C457F;

    private TrimGpuCode() {}

    /** An image of a kernel: where its code is in the section. */
    private record Image(int kind, int architecture, int start, int length) {}

    /** A part of the file. */
    private record Section(String name, long offset, long length) {}

    public static void main(String[] arguments) throws IOException {
        int architecture = Integer.parseInt(arguments[0]);
        for (int i = 1; i < arguments.length; i++) {
            Path library = Path.of(arguments[i]);
            System.out.printf("%s: %,d bytes zeroed%n", library.getFileName(), trim(library, architecture));
        }
    }

    private static long trim(Path library, int architecture) throws IOException {
        long zeroed = 0;
        try (FileChannel file = FileChannel.open(library, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            for (Section section : sections(file)) {
                if (section.name.equals(".nv_fatbin") || section.name.equals("__nv_relfatbin")) {
                    MappedByteBuffer bytes = file.map(MapMode.READ_WRITE, section.offset, section.length);
                    zeroed += trim(bytes.order(ByteOrder.LITTLE_ENDIAN), architecture);
                    bytes.force();
                }
            }
        }
        return zeroed;
    }

    private static long trim(ByteBuffer section, int architecture) {
        long zeroed = 0;
        int at = 0;
        while (at + 16 <= section.limit()) {
            if (section.getInt(at) != FAT_BINARY) {
                throw new IllegalStateException("no fat binary at byte " + at + " of the section");
            }
            int start = at + section.getShort(at + 6);
            int end = Math.toIntExact(start + section.getLong(at + 8));
            List<Image> images = images(section, start, end);
            int best = images.stream()
                    .filter(image -> image.kind == MACHINE_CODE
                            && image.architecture / 10 == architecture / 10
                            && image.architecture <= architecture)
                    .mapToInt(Image::architecture)
                    .max()
                    .orElse(0);
            for (Image image : images) {
                boolean loaded = best > 0
                        ? image.kind == MACHINE_CODE && image.architecture == best
                        : image.kind == PTX && image.architecture <= architecture;
                if (!loaded) {
                    section.put(image.start, new byte[image.length]);
                    zeroed += image.length;
                }
            }
            at = end;
        }
        return zeroed;
    }

    private static List<Image> images(ByteBuffer section, int start, int end) {
        List<Image> images = new ArrayList<>();
        int at = start;
        while (at < end) {
            int code = at + section.getInt(at + 4);
            int length = Math.toIntExact(section.getLong(at + 8));
            images.add(new Image(section.getShort(at), section.getInt(at + 28), code, length));
            at = code + length;
        }
        return images;
    }

    /** The sections of a 64-bit little-endian ELF file. */
    private static List<Section> sections(FileChannel file) throws IOException {
        ByteBuffer header = read(file, 0, 64);
        if (header.getInt(0) != ELF_MAGIC || header.get(4) != 2 || header.get(5) != 1) {
            throw new IllegalStateException("not a 64-bit little-endian ELF file");
        }
        long table = header.getLong(40);
        int entry = header.getShort(58);
        int count = header.getShort(60);
        ByteBuffer entries = read(file, table, entry * count);
        int names = entry * header.getShort(62);
        ByteBuffer strings = read(file, entries.getLong(names + 24), Math.toIntExact(entries.getLong(names + 32)));
        List<Section> sections = new ArrayList<>();
        for (int at = 0; at < entry * count; at += entry) {
            sections.add(new Section(
                    text(strings, entries.getInt(at)), entries.getLong(at + 24), entries.getLong(at + 32)));
        }
        return sections;
    }

    private static String text(ByteBuffer strings, int start) {
        int end = start;
        while (strings.get(end) != 0) {
            end++;
        }
        byte[] bytes = new byte[end - start];
        strings.get(start, bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    private static ByteBuffer read(FileChannel file, long from, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, from + bytes.position()) < 0) {
                throw new IOException("the file ends too early");
            }
        }
        return bytes.flip();
    }
}
