package org.chirplens.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/** Writes zip archives field by field, right or wrong: change an entry's fields before {@link #end}. */
final class ZipWriter {
    final List<Entry> entries = new ArrayList<>();

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** One file, as the directory will describe it. */
    static final class Entry {
        String name;
        int method;
        int flags = 0x0808;
        int crc;
        int stored;
        int length;
        int header;
        byte[] extra = {};

        private Entry(String name, byte[] content, int header) {
            CRC32 sum = new CRC32();
            sum.update(content);
            this.name = name;
            this.crc = (int) sum.getValue();
            this.stored = content.length;
            this.length = content.length;
            this.header = header;
        }
    }

    /** An archive as torch.save writes it, with this pickle and these storages of the keys 0, 1, ... */
    static ZipWriter torch(byte[] pickle, byte[]... storages) {
        ZipWriter zip = new ZipWriter().add("model/data.pkl", pickle);
        for (int i = 0; i < storages.length; i++) {
            zip.add("model/data/" + i, storages[i]);
        }
        return zip.add("model/version", "3\n".getBytes(StandardCharsets.US_ASCII));
    }

    ZipWriter add(String name, byte[] content) {
        entries.add(new Entry(name, content, bytes.size()));
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        ByteBuffer local = buffer(30).putInt(0x04034b50).putShort((short) 0).putShort((short) 0x0808);
        local.putShort(26, (short) utf8.length);
        append(local);
        bytes.writeBytes(utf8);
        bytes.writeBytes(content);
        return this;
    }

    ZipWriter add(String name, String content) {
        return add(name, content.getBytes(StandardCharsets.UTF_8));
    }

    byte[] end() {
        return end(entries.size(), 0);
    }

    /**
     * The whole archive.
     *
     * @param count how many files the end record claims
     * @param longer by how much more it claims the directory to be long
     */
    byte[] end(int count, int longer) {
        int start = bytes.size();
        for (Entry entry : entries) {
            byte[] utf8 = entry.name.getBytes(StandardCharsets.UTF_8);
            ByteBuffer header = buffer(46).putInt(0x02014b50).putInt(0).putShort((short) entry.flags);
            header.putShort((short) entry.method).putInt(0).putInt(entry.crc).putInt(entry.stored);
            header.putInt(entry.length).putShort((short) utf8.length).putShort((short) entry.extra.length);
            header.putInt(42, entry.header);
            append(header);
            bytes.writeBytes(utf8);
            bytes.writeBytes(entry.extra);
        }
        ByteBuffer end =
                buffer(22).putInt(0x06054b50).putInt(0).putShort((short) count).putShort((short) count);
        end.putInt(bytes.size() - start + longer).putInt(start);
        append(end);
        return bytes.toByteArray();
    }

    private void append(ByteBuffer record) {
        byte[] content = new byte[record.capacity()];
        record.get(0, content);
        bytes.writeBytes(content);
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
