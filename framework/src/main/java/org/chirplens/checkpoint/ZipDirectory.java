package org.chirplens.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The files of a zip archive that are stored as they are
 * (<a href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">definition</a>, numbers in brackets are its
 * sections). Compressed files are refused, so an archive cannot hold more than its own length; so are files that share
 * bytes, names that occur twice, and a file whose CRC-32 is not what the archive says.
 */
final class ZipDirectory {
    private static final int LOCAL_HEADER = 0x04034b50; // 4.3.7
    private static final int FILE_HEADER = 0x02014b50; // 4.3.12
    private static final int END64 = 0x06064b50; // 4.3.14
    private static final int END64_LOCATOR = 0x07064b50; // 4.3.15
    private static final int END = 0x06054b50; // 4.3.16
    private static final int END64_BYTES = 56;
    private static final int LOCATOR_BYTES = 20;
    private static final int END_BYTES = 22;
    private static final int LOCAL_BYTES = 30;

    /** A file's sizes may follow it (bit 3), and its name may be UTF-8 (bit 11); encryption and all else is refused. */
    private static final int ALLOWED_FLAGS = 1 << 3 | 1 << 11;

    /** Some hundred thousand files; it bounds what the names can make us hold. */
    private static final long MAX_LENGTH = 16_000_000;

    /** What a directory says about one file. */
    private record Entry(String name, int crc, long length, long header) {}

    /** Where the directory is. */
    private record Place(long entries, long length, long position) {}

    private ZipDirectory() {}

    static boolean startsZip(ByteBuffer bytes) {
        return bytes.remaining() >= 4 && bytes.getInt(bytes.position()) == LOCAL_HEADER;
    }

    /**
     * Reads the directory and checks the whole archive.
     *
     * @return the content of each file, by name
     * @throws IllegalArgumentException when the archive breaks these rules
     */
    static Map<String, FileRange> read(FileRange file) throws IOException {
        Place place = place(file);
        require(
                place.length <= MAX_LENGTH,
                "a zip directory must have at most " + MAX_LENGTH + " bytes, found " + place.length);
        FileRange before = file.part(0, place.position, "the archive's files");
        ByteBuffer directory =
                file.part(place.position, place.length, "zip directory").bytes();
        Map<String, Entry> entries = new LinkedHashMap<>();
        while (directory.hasRemaining()) {
            Entry entry = entry(directory);
            boolean twice = entries.put(entry.name, entry) != null;
            require(!twice, "the archive has two files " + TensorPickle.shown(entry.name));
        }
        require(
                entries.size() == place.entries,
                "the zip directory must have " + Long.toUnsignedString(place.entries) + " files, found "
                        + entries.size());
        return contents(before, entries);
    }

    // PyTorch writes no comment, so the end record is at the very end, with its 64-bit form right before it.
    private static Place place(FileRange file) throws IOException {
        long end = file.length() - END_BYTES;
        ByteBuffer record = file.part(Math.max(0, end), Math.min(file.length(), END_BYTES), "zip end record")
                .bytes();
        require(
                end >= 0 && record.getInt(0) == END && record.getInt(4) == 0 && record.getShort(20) == 0,
                "the file must end with a zip archive's end record; it is truncated, or not from torch.save");
        Place place = new Place(
                Short.toUnsignedLong(record.getShort(10)),
                Integer.toUnsignedLong(record.getInt(12)),
                Integer.toUnsignedLong(record.getInt(16)));
        long wideEnd = end - LOCATOR_BYTES - END64_BYTES;
        if (wideEnd >= 0) {
            ByteBuffer wide = file.part(wideEnd, END64_BYTES + LOCATOR_BYTES, "zip64 end record")
                    .bytes();
            if (wide.getInt(END64_BYTES) == END64_LOCATOR) {
                place = widePlace(place, wide, wideEnd);
                end = wideEnd;
            }
        }
        require(
                place.position >= 0 && place.length >= 0 && place.position <= end - place.length,
                "the zip directory of " + Long.toUnsignedString(place.length) + " bytes at byte "
                        + Long.toUnsignedString(place.position) + " goes beyond its end at " + end);
        require(
                place.position + place.length == end,
                "the zip directory must end where its end record starts, at byte " + end + ", found "
                        + (place.position + place.length));
        return place;
    }

    private static Place widePlace(Place narrow, ByteBuffer bytes, long position) {
        require(
                bytes.getInt(0) == END64 && bytes.getLong(END64_BYTES + 8) == position,
                "the zip64 end record must lie right before its locator");
        Place wide = new Place(bytes.getLong(32), bytes.getLong(40), bytes.getLong(48));
        requireSame(narrow.entries, 0xffff, wide.entries);
        requireSame(narrow.length, 0xffffffffL, wide.length);
        requireSame(narrow.position, 0xffffffffL, wide.position);
        return wide;
    }

    private static void requireSame(long value, long placeholder, long wide) {
        require(
                value == placeholder || value == wide,
                "the zip archive's end records must agree, found " + value + " and " + Long.toUnsignedString(wide));
    }

    private static Entry entry(ByteBuffer bytes) {
        require(
                bytes.remaining() >= 46 && bytes.getInt(bytes.position()) == FILE_HEADER,
                "the zip directory must list files, and nothing else");
        int at = bytes.position();
        int nameLength = Short.toUnsignedInt(bytes.getShort(at + 28));
        int extraLength = Short.toUnsignedInt(bytes.getShort(at + 30));
        int commentLength = Short.toUnsignedInt(bytes.getShort(at + 32));
        require(
                bytes.remaining() >= 46 + nameLength + extraLength + commentLength,
                "a name goes beyond the zip directory");
        String name =
                StandardCharsets.UTF_8.decode(bytes.slice(at + 46, nameLength)).toString();
        ByteBuffer extra = bytes.slice(at + 46 + nameLength, extraLength).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(at + 46 + nameLength + extraLength + commentLength);
        checkStored(name, bytes.getShort(at + 8), bytes.getShort(at + 10));
        ByteBuffer wide = zip64(extra);
        long length = wide(bytes.getInt(at + 24), wide);
        long stored = wide(bytes.getInt(at + 20), wide);
        long header = wide(bytes.getInt(at + 42), wide);
        require(
                length == stored && bytes.getShort(at + 34) == 0,
                TensorPickle.shown(name) + " has two lengths or disks");
        return new Entry(name, bytes.getInt(at + 16), length, header);
    }

    private static void checkStored(String name, short flags, short method) {
        require(
                (flags & ~ALLOWED_FLAGS) == 0 && method == 0,
                TensorPickle.shown(name) + " must be stored as it is, found compression method "
                        + Short.toUnsignedInt(method) + " and flags " + Integer.toHexString(flags & 0xffff)
                        + "; torch.save compresses nothing");
    }

    /** The values of 64 bits among a file's extra fields (4.5.3), in the order of those that need them. */
    private static ByteBuffer zip64(ByteBuffer extra) {
        while (extra.remaining() >= 4) {
            int id = extra.getShort();
            int length = Short.toUnsignedInt(extra.getShort());
            require(length <= extra.remaining(), "an extra field goes beyond the zip directory");
            if (id == 1) {
                return extra.limit(extra.position() + length);
            }
            extra.position(extra.position() + length);
        }
        return extra.limit(extra.position());
    }

    private static long wide(int value, ByteBuffer wide) {
        if (value != -1) {
            return Integer.toUnsignedLong(value);
        }
        require(wide.remaining() >= 8, "the zip directory lacks a value of 64 bits");
        return wide.getLong();
    }

    private static Map<String, FileRange> contents(FileRange before, Map<String, Entry> entries) throws IOException {
        Map<String, FileRange> contents = new HashMap<>();
        TreeMap<Long, FileRange> byStart = new TreeMap<>();
        for (Entry entry : entries.values()) {
            FileRange content = content(before, entry);
            contents.put(entry.name, content);
            boolean shared = byStart.put(entry.header, content) != null;
            require(!shared, TensorPickle.shown(entry.name) + " shares its bytes with another file");
        }
        long end = 0;
        for (Map.Entry<Long, FileRange> next : byStart.entrySet()) {
            require(next.getKey() >= end, "the archive has files that overlap at byte " + next.getKey());
            end = next.getValue().position() + next.getValue().length();
        }
        for (Entry entry : entries.values()) {
            FileRange content = Objects.requireNonNull(contents.get(entry.name));
            int crc = content.crc32();
            require(
                    crc == entry.crc,
                    TensorPickle.shown(entry.name) + " is damaged: CRC-32 must be " + Integer.toHexString(entry.crc)
                            + ", found " + Integer.toHexString(crc));
        }
        return contents;
    }

    /** Finds a file behind its local header, which must agree on how it is stored and on its name. */
    private static FileRange content(FileRange before, Entry entry) throws IOException {
        String what = TensorPickle.shown(entry.name);
        byte[] name = entry.name.getBytes(StandardCharsets.UTF_8);
        ByteBuffer local = before.part(entry.header, (long) LOCAL_BYTES + name.length, "header of " + what)
                .bytes();
        require(
                local.getInt(0) == LOCAL_HEADER
                        && Short.toUnsignedInt(local.getShort(26)) == name.length
                        && local.slice(LOCAL_BYTES, name.length).equals(ByteBuffer.wrap(name)),
                what + " has another name, or no header, where it is stored");
        checkStored(entry.name, local.getShort(6), local.getShort(8));
        long start = entry.header + local.limit() + Short.toUnsignedInt(local.getShort(28));
        return before.part(start, entry.length, what);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
