package org.chirplens.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.chirplens.analysis.AttentionMaps;

/**
 * The attention maps of the head explorer as JSON: 8 bits for each patch, from a map's least to its most, which stand beside
 * it, so that maps can be shown on one scale. The first images are in the page; each further one is a script in a folder beside it,
 * which a page that was opened from disk may load where it may fetch nothing.
 */
final class AttentionData {
    /** Images in the page itself. */
    static final int IN_PAGE = 16;

    /** Which files of the folder are of a page. */
    static final String FILES = "image-*.js";

    private static final int COLOURS = 32;

    private final AttentionReadings attention;
    private final String folder;

    /** @param folder name of the folder for further images, beside the page */
    AttentionData(AttentionReadings attention, String folder) {
        this.attention = attention;
        this.folder = folder;
    }

    boolean hasFiles() {
        return attention.pictures().size() > IN_PAGE;
    }

    /** Names of the readings, the images in the page, and where the others are. */
    ObjectNode tree() {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        ArrayNode colours = tree.putArray("colours");
        for (int i = 0; i <= COLOURS; i++) {
            colours.add(SvgFile.colour(AttentionGrid.tint((double) i / COLOURS)));
        }
        tree.put("strongest", AttentionGrid.STRONGEST);
        ArrayNode readings = tree.putArray("readings");
        attention.readings().forEach(reading -> readings.add(reading.name()));
        ArrayNode images = tree.putArray("images");
        for (int i = 0; i < attention.pictures().size(); i++) {
            ObjectNode image = images.addObject();
            image.put("name", attention.pictures().get(i).name());
            if (i < IN_PAGE) {
                image.setAll(image(i));
            } else {
                image.put("file", folder + "/" + file(i));
            }
        }
        return tree;
    }

    /** The scripts of the folder by their names. */
    Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        for (int i = IN_PAGE; i < attention.pictures().size(); i++) {
            files.put(file(i), "headExplorer.receive(" + i + ", " + ScriptJson.of(image(i)) + ");\n");
        }
        return files;
    }

    private static String file(int image) {
        return String.format(Locale.ROOT, "image-%03d.js", image + 1);
    }

    private ObjectNode image(int index) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("jpeg", base64(attention.pictures().get(index).jpeg()));
        ArrayNode readings = tree.putArray("readings");
        attention.readings().forEach(reading -> readings.add(maps(reading.maps().get(index))));
        return tree;
    }

    private static ObjectNode maps(AttentionMaps maps) {
        int size = maps.grid() * maps.grid();
        List<float[]> all = Arrays.stream(maps.maps()).flatMap(Arrays::stream).toList();
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("grid", maps.grid());
        ArrayNode least = tree.putArray("least");
        ArrayNode most = tree.putArray("most");
        byte[] levels = new byte[all.size() * size];
        for (int head = 0; head < all.size(); head++) {
            float[] map = all.get(head);
            float min = Float.POSITIVE_INFINITY;
            float max = Float.NEGATIVE_INFINITY;
            for (float value : map) {
                min = Math.min(min, value);
                max = Math.max(max, value);
            }
            least.add(min);
            most.add(max);
            for (int i = 0; i < size && max > min; i++) {
                levels[head * size + i] = (byte) Math.round(255 * (map[i] - min) / (max - min));
            }
        }
        tree.put("levels", base64(levels));
        return tree;
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
