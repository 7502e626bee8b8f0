package org.chirplens.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** A PNG file per image, as the released generator writes them. */
final class PngImages implements ImageFiles {
    private final Path directory;
    private final int first;
    private final GeneratedChirps images;

    PngImages(Path directory, DatasetDescription description) {
        this.directory = directory;
        this.first = description.first();
        this.images = description.images();
    }

    @Override
    public int count() {
        return images.size();
    }

    @Override
    public int fileOf(int imageNumber) {
        return imageNumber - first;
    }

    @Override
    public int images(int file) {
        return 1;
    }

    @Override
    public BitSet present() {
        return DatasetFiles.imageNumbers(directory).get(first, first + count());
    }

    @Override
    public @Nullable String problem(int file) {
        return PngFile.problem(path(file));
    }

    @Override
    public void write(int file, Runnable drawn) throws IOException {
        byte[] png = PngEncoder.encode(images.image(file));
        SharedFile.write(path(file), out -> out.write(png));
        drawn.run();
    }

    private Path path(int file) {
        return directory.resolve(images.name(file));
    }
}
