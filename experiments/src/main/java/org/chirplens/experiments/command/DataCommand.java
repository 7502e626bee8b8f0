package org.chirplens.experiments.command;

import java.nio.file.Path;
import java.util.List;
import org.chirplens.experiments.cli.CommandSpec;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.experiments.cli.UsageException;

/** Looks at a data set itself, without a model: checks it, or says where in its images each element is. */
final class DataCommand {
    private static final List<String> OF_CHECK = List.of("against", "redraw", "set");
    private static final List<String> OF_REGIONS = List.of("limit", "grid");

    private DataCommand() {}

    static CommandSpec spec() {
        return new CommandSpec(
                "data",
                "Check a data set, or write where in its images title, axes, chirp and the rest are",
                "check: every image is decoded. Reported are missing, extra and unreadable images, rows that break the"
                        + " format, labels outside the population (that of dataset.json, or the released one), equal"
                        + " images and rows, and those that are in two parts of the split (training, validation, test): the one of CONFIG, or of the"
                        + " defaults, with --set data.test=…, data.validation=… and data.splitSeed=… laid over it. For a set that ChirpLens"
                        + " generated, all labels, all counterfactual pairs and some images are compared with what the"
                        + " seed gives. OUT/data_check.json has every finding, OUT/figures/data_summary the label"
                        + " distributions and " + DataCheck.SAMPLES
                        + " samples. The exit code is 3 when there is a finding, and 2 when DIR is no data"
                        + " set. docs/data-check.md explains each kind of finding and the JSON. "
                        + "regions: every pixel of a chirp figure is in one region: the chirp, the rest of the data area,"
                        + " the title, a label, ticks, a side of the frame, … OUT/regions.csv has the size of each region in"
                        + " each image, OUT/region_masks.npy (float32 [images, regions, P, P]) the part of every patch that"
                        + " each fills, OUT/regions.json the names, and OUT/figures/regions some images with their regions"
                        + " tinted. DIR may be a config whose data section describes chirp figures.",
                "check|regions DIR [CONFIG]",
                2,
                3,
                options(),
                List.of(
                        "./chirplens data check data/chirps",
                        "./chirplens data check data/train configs/quick.yaml --against data/test --json",
                        "./chirplens data regions data/chirps --limit 0 --grid 14"),
                DataCommand::run);
    }

    private static List<org.apache.commons.cli.Option> options() {
        return List.of(
                CommandSpec.value(
                        "against", "DIR2", "check: another data set, which must share no image and no label row"),
                CommandSpec.value(
                        "redraw", "N", "check: images of a generated set to draw again; default " + DataCheck.REDRAWN),
                CommandSpec.repeatable("set", "KEY=VALUE", "check: override a value of the config; repeatable"),
                CommandSpec.value(
                        "limit",
                        "N",
                        "regions: of the first N images; 0 for all of them; default " + DataRegions.IMAGES),
                CommandSpec.value("grid", "P", "regions: patches of a row, and of rows; default " + DataRegions.GRID),
                CommandSpec.value(
                        "out",
                        "DIR",
                        "where to; default runs/data-check-NAME or runs/data-regions-NAME, NAME that of DIR"));
    }

    private static int run(Invocation invocation) {
        String work = invocation.arguments().get(0);
        switch (work) {
            case "check" -> {
                refuse(work, OF_REGIONS, invocation);
                return DataCheck.run(invocation);
            }
            case "regions" -> {
                refuse(work, OF_CHECK, invocation);
                return DataRegions.run(invocation);
            }
            default -> throw new UsageException("data knows check and regions, found '" + work + "'");
        }
    }

    private static void refuse(String work, List<String> options, Invocation invocation) {
        options.stream().filter(invocation::has).findFirst().ifPresent(option -> {
            throw new UsageException("data " + work + " takes no --" + option);
        });
    }

    /** Where the results on a data set go unless told. */
    static Path output(String work, Path data) {
        return Path.of("runs", "data-" + work + "-" + name(data));
    }

    static String name(Path data) {
        Path last = data.toAbsolutePath().normalize().getFileName();
        return last == null ? "root" : last.toString();
    }
}
