package org.chirplens.dataset;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.chirplens.chirp.Chirp;
import org.chirplens.figure.ChirpFigure;
import org.chirplens.figure.FigureRegions;
import org.chirplens.figure.RgbImage;
import org.jspecify.annotations.Nullable;

/**
 * Images of another set at the size that a model takes. Those that are asked for again are kept in a file, because drawing or
 * decoding an image and resizing it costs a small model up to half as much as learning from it. Pixels are the same with
 * and without. The file is of use to this object alone, which deletes it in the end.
 */
public final class KeptImages implements ImageSet, AutoCloseable {
    private static final int NONE = -1;

    private final ImageSet images;
    private final Preprocessing recipe;
    private final int imageSize;
    private final Path path;
    private final RandomAccessFile file;
    /** The place of each image in the file, or {@link #NONE}. */
    private final int[] places;

    private final BitSet written = new BitSet();
    private boolean full;

    /**
     * Makes the file.
     *
     * @param recipe how an image becomes a model's input
     * @param imageSize side of that input in pixels
     * @param again the images that are asked for more than once, the first ones foremost where not all find room
     * @param mostBytes the size that the file may reach, and half of what is free on the disk; nothing is kept where that is less than one
     *     image
     * @param path of the file, which is replaced
     * @throws UncheckedIOException when it cannot be made
     */
    public KeptImages(ImageSet images, Preprocessing recipe, int imageSize, int[] again, long mostBytes, Path path) {
        this.images = images;
        this.recipe = recipe;
        this.imageSize = imageSize;
        this.path = path;
        places = new int[images.size()];
        Arrays.fill(places, NONE);
        try {
            Path directory = Objects.requireNonNull(path.toAbsolutePath().getParent(), "a file is in a directory");
            Files.createDirectories(directory);
            Files.deleteIfExists(path);
            // The other half of the disk is for what the run itself writes.
            long most = Math.min(mostBytes, directory.toFile().getUsableSpace() / 2);
            long room = Math.min(again.length, most / Preprocessing.length(imageSize));
            for (int place = 0; place < room; place++) {
                places[again[place]] = place;
            }
            file = new RandomAccessFile(path.toFile(), "rw");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + path, e);
        }
    }

    @Override
    public RgbImage image(int index) {
        int place = places[index];
        byte[] kept = place == NONE ? null : read(place);
        if (kept != null) {
            return new RgbImage(imageSize, imageSize, kept);
        }
        RgbImage image = recipe.resize(images.image(index), imageSize);
        if (place != NONE) {
            write(place, image.rgb());
        }
        return image;
    }

    private synchronized byte @Nullable [] read(int place) {
        if (!written.get(place)) {
            return null;
        }
        byte[] rgb = new byte[Preprocessing.length(imageSize)];
        try {
            file.seek((long) place * rgb.length);
            file.readFully(rgb);
            return rgb;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }

    /** Where the disk is full, what was kept makes room for what the run itself writes, and work goes on without keeping any. */
    private synchronized void write(int place, byte[] rgb) {
        if (full) {
            return;
        }
        try {
            file.seek((long) place * rgb.length);
            file.write(rgb);
            written.set(place);
        } catch (IOException e) {
            full = true;
            forget();
        }
    }

    private void forget() {
        written.clear();
        try {
            file.setLength(0);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot shorten " + path, e);
        }
    }

    @Override
    public int size() {
        return images.size();
    }

    @Override
    public String name(int index) {
        return images.name(index);
    }

    @Override
    public List<Target> targets() {
        return images.targets();
    }

    @Override
    public double[] label(int index) {
        return images.label(index);
    }

    @Override
    public @Nullable Chirp chirp(int index) {
        return images.chirp(index);
    }

    @Override
    public double noiseLevel(int index) {
        return images.noiseLevel(index);
    }

    @Override
    public @Nullable ChirpFigure figure() {
        return images.figure();
    }

    @Override
    public int groupSize() {
        return images.groupSize();
    }

    @Override
    public @Nullable FigureRegions regions(int index) {
        return images.regions(index);
    }

    @Override
    public synchronized void close() {
        try (file) {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + path, e);
        }
    }
}
