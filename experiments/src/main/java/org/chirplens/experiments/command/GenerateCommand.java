package org.chirplens.experiments.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.chirplens.chirp.Population;
import org.chirplens.dataset.DatasetDescription;
import org.chirplens.dataset.DatasetWriter;
import org.chirplens.dataset.Factor;
import org.chirplens.dataset.ImageEncoding;
import org.chirplens.dataset.Shard;
import org.chirplens.dataset.TfRecordLayout;
import org.chirplens.experiments.cli.CommandSpec;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.experiments.cli.ProgressLine;
import org.chirplens.experiments.cli.UsageException;
import org.chirplens.experiments.config.ConfigReader;
import org.chirplens.experiments.config.DataSettings;
import org.chirplens.figure.FigureStyle;

/** Writes generated images as a data set on disk, or a shard of one. */
final class GenerateCommand {
    private GenerateCommand() {}

    static CommandSpec spec() {
        return new CommandSpec(
                "generate",
                "Draw chirps as a data set on disk: labels.csv, dataset.json, PNG or TFRecord files",
                "Image i depends on the seed and i alone, so any number of threads, shards and restarts gives the same"
                        + " files. Count and seed may come from a config file with generated data. A command that was"
                        + " stopped goes on when given again, and replaces damaged files; a larger count extends a data"
                        + " set. labels.csv comes last: where it is, every image is. With --pairs every image is followed"
                        + " by counterfactuals of it, each of which differs in one factor; pairs.csv lists them. See"
                        + " docs/datasets.md.",
                "[CONFIG]",
                0,
                1,
                List.of(
                        CommandSpec.required("out", "DIR", "where to"),
                        CommandSpec.value("count", "N", "how many images; with --pairs, counterfactuals not counted"),
                        CommandSpec.value("seed", "S", "seed of the images"),
                        CommandSpec.value("from", "I", "number of the first image, counted as --count does; default 1"),
                        CommandSpec.value(
                                "pairs",
                                "FACTORS",
                                "counterfactuals to add, separated by commas: "
                                        + Arrays.stream(Factor.values())
                                                .map(Factor::key)
                                                .collect(Collectors.joining(", "))),
                        CommandSpec.value(
                                "shard",
                                "K/N",
                                "draw only the K-th of N parts; the parts may be drawn at once, into one directory or into"
                                        + " several that are copied together"),
                        CommandSpec.value(
                                "format",
                                "FORMAT",
                                "png (default), a file per image, or tfrecord, many images per file"),
                        CommandSpec.value(
                                "encoding", "ENCODING", "of images in TFRecord files: png (default) or raw pixels"),
                        CommandSpec.value(
                                "images-per-file",
                                "N",
                                "images in a TFRecord file; default " + TfRecordLayout.IMAGES_PER_FILE),
                        CommandSpec.repeatable(
                                "set", "KEY=VALUE", "override a value of the config, or of the defaults; repeatable")),
                List.of(
                        "./chirplens generate --count 1000 --seed 7 --out data/chirps",
                        "./chirplens generate configs/quick.yaml --out data/quick",
                        "./chirplens generate --count 100 --seed 7 --pairs start_time,title --out data/pairs",
                        "./chirplens generate configs/quick.yaml --set data.figure.title.shown=false --out data/untitled",
                        "./chirplens generate --count 100000 --seed 7 --out data/large --format tfrecord --shard 2/3"),
                GenerateCommand::run);
    }

    private static int run(Invocation invocation) {
        Path directory = invocation.requiredPath("out");
        Shard shard = shard(invocation);
        DatasetWriter writer = DatasetWriter.open(directory, wanted(invocation), shard, invocation.readers(0));
        try (ProgressLine line = invocation.console().progress("checking", "images")) {
            writer.check(line::update);
        }
        try (ProgressLine line = invocation.console().progress("generating", "images")) {
            writer.draw(line::update);
        }
        long missing;
        try (ProgressLine line = invocation.console().progress("checking other shards", "images")) {
            missing = writer.finish(line::update);
        }
        report(invocation, directory, shard, missing);
        return ExitCode.DONE;
    }

    private static void report(Invocation invocation, Path directory, Shard shard, long missing) {
        if (invocation.console().json()) {
            invocation
                    .console()
                    .result(JsonNodeFactory.instance
                            .objectNode()
                            .put("directory", directory.toString())
                            .put("complete", missing == 0)
                            .put("missing_images", missing));
        } else {
            invocation.console().result(directory.toString());
        }
        if (missing > 0) {
            invocation.console().info(unfinished(shard, missing));
        }
    }

    private static String unfinished(Shard shard, long missing) {
        if (shard.count() == 1) {
            return String.format(
                    Locale.ROOT,
                    "done, but another command is extending this data set, %,d images are not there yet: labels.csv comes"
                            + " when it is done",
                    missing);
        }
        return String.format(
                Locale.ROOT,
                "shard %d of %d is done, %,d images of others are not there yet: labels.csv comes when all %d shards are"
                        + " done; the command without --shard draws whatever is missing",
                shard.number(),
                shard.count(),
                missing,
                shard.count());
    }

    private static Shard shard(Invocation invocation) {
        try {
            return invocation.text("shard").map(Shard::parse).orElse(Shard.WHOLE);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--" + e.getMessage());
        }
    }

    private static DatasetDescription wanted(Invocation invocation) {
        int count = invocation.integer("count", 1, 0);
        long seed = invocation.number("seed", Long.MIN_VALUE, Long.MAX_VALUE, 0);
        boolean seeded = invocation.has("seed");
        FigureStyle style = FigureStyle.released();
        List<String> overrides = invocation.texts("set");
        if (invocation.arguments().isEmpty() && (count == 0 || !seeded)) {
            throw new UsageException("--count and --seed must be given, or a CONFIG that has them");
        }
        if (!invocation.arguments().isEmpty() || !overrides.isEmpty()) {
            String place = invocation.arguments().isEmpty()
                    ? "--set"
                    : invocation.arguments().get(0);
            DataSettings data = invocation.arguments().isEmpty()
                    ? ConfigReader.dataDefaults(overrides)
                    : ConfigReader.readData(Path.of(place), overrides).config().data();
            if (!(data instanceof DataSettings.Generated generated)) {
                throw new UsageException(place + ": data.source must be generated");
            }
            if (generated.shortestOf() > 1) {
                throw new UsageException(
                        place + ": data.shortestOf must be 1 for images on disk, found " + generated.shortestOf());
            }
            count = count == 0 ? generated.count() : count;
            seed = seeded ? seed : generated.seed();
            style = generated.figure().style();
        }
        List<Factor> pairs = pairs(invocation);
        int first = invocation.integer("from", 1, 1);
        DatasetDescription images = DatasetDescription.of(
                style,
                pairs,
                Population.released(),
                seed,
                withCounterfactuals(first - 1, pairs) + 1,
                withCounterfactuals(count, pairs));
        // Factors that cannot differ in this style are found before anything is written.
        images.images();
        return inFormat(invocation, images);
    }

    private static List<Factor> pairs(Invocation invocation) {
        List<Factor> factors = new ArrayList<>();
        for (String key :
                invocation.text("pairs").map(text -> text.split(",", -1)).orElse(new String[0])) {
            Factor factor = factor(key);
            if (factors.contains(factor)) {
                throw new UsageException("--pairs must name a factor once, found " + key + " twice");
            }
            factors.add(factor);
        }
        return factors;
    }

    private static Factor factor(String key) {
        try {
            return Factor.of(key.strip());
        } catch (IllegalArgumentException e) {
            throw new UsageException("--pairs: " + e.getMessage());
        }
    }

    private static int withCounterfactuals(int count, List<Factor> pairs) {
        try {
            return Math.multiplyExact(count, pairs.size() + 1);
        } catch (ArithmeticException e) {
            throw new UsageException(
                    "--from and --count with --pairs must make fewer than 2^31 images, found " + count);
        }
    }

    private static DatasetDescription inFormat(Invocation invocation, DatasetDescription images) {
        String format = invocation.text("format").orElse("png");
        if (format.equals("tfrecord")) {
            return images.in(new TfRecordLayout(
                    encoding(invocation.text("encoding").orElse("png")),
                    invocation.integer("images-per-file", 1, TfRecordLayout.IMAGES_PER_FILE)));
        }
        if (!format.equals("png")) {
            throw new UsageException("--format must be png or tfrecord, found '" + format + "'");
        }
        for (String option : List.of("encoding", "images-per-file")) {
            if (invocation.has(option)) {
                throw new UsageException("--" + option + " must come with --format tfrecord, found --format png");
            }
        }
        return images;
    }

    private static ImageEncoding encoding(String name) {
        return switch (name) {
            case "png" -> ImageEncoding.PNG;
            case "raw" -> ImageEncoding.RAW;
            default -> throw new UsageException("--encoding must be png or raw, found '" + name + "'");
        };
    }
}
