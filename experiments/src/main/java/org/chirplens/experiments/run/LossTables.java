package org.chirplens.experiments.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.chirplens.analysis.Protocol;
import org.chirplens.file.WholeFile;
import org.chirplens.model.HeadId;

/**
 * The losses of some ablations, head by head: those in a directory of tables, or all in one file that is kept to compare
 * with.
 *
 * @param place where they were read
 * @param protocols losses by protocol and head
 */
public record LossTables(Path place, Map<String, Map<HeadId, Losses>> protocols) {
    private static final String TITLES = "protocol,layer,head,loss,baseline_loss";

    /**
     * Losses on standardised labels.
     *
     * @param ablated without a head
     * @param baseline of the whole model
     */
    public record Losses(double ablated, double baseline) {
        /** How much the loss grows without the head, in percent. */
        public double increasePercent() {
            return 100 * (ablated - baseline) / baseline;
        }
    }

    /**
     * Reads the tables of a run directory, of a directory of tables, or of a file of {@link #write}.
     *
     * @throws IllegalArgumentException when there are none, or they are not as they must be
     */
    public static LossTables read(Path place) {
        Map<String, Map<HeadId, Losses>> protocols = new LinkedHashMap<>();
        if (Files.isRegularFile(place)) {
            CsvTable.read(place, row -> add(protocols, row.text("protocol"), row));
        } else {
            Path inRun = new RunFiles(place).ablation();
            Path directory = Files.isDirectory(inRun) ? inRun : place;
            Stream.concat(Protocol.keys().stream(), Stream.of(AblateStage.RELEASED_RAW_LABELS))
                    .filter(protocol -> Files.isRegularFile(AblationFiles.table(directory, protocol)))
                    .forEach(protocol -> CsvTable.read(
                            AblationFiles.table(directory, protocol), row -> add(protocols, protocol, row)));
        }
        if (protocols.isEmpty()) {
            throw new IllegalArgumentException(place + ": must be a run directory or a directory with tables of"
                    + " ablations, or a file of them, found none");
        }
        return new LossTables(place, protocols);
    }

    private static void add(Map<String, Map<HeadId, Losses>> protocols, String protocol, CsvTable row) {
        protocols
                .computeIfAbsent(protocol, name -> new LinkedHashMap<>())
                .put(
                        new HeadId((int) row.number("layer"), (int) row.number("head")),
                        new Losses(row.number("loss"), row.number("baseline_loss")));
    }

    /** Writes all losses into one file, with seven digits, which {@link #read} reads. */
    public void write(Path file) {
        WholeFile.writeText(file, out -> {
            out.write(TITLES + "\n");
            for (Map.Entry<String, Map<HeadId, Losses>> protocol : protocols.entrySet()) {
                for (Map.Entry<HeadId, Losses> head : protocol.getValue().entrySet()) {
                    out.write(String.format(
                            Locale.ROOT,
                            "%s,%d,%d,%.7g,%.7g\n",
                            protocol.getKey(),
                            head.getKey().layer(),
                            head.getKey().head(),
                            head.getValue().ablated(),
                            head.getValue().baseline()));
                }
            }
        });
    }
}
