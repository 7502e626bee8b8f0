package org.chirplens.figure;

import java.util.BitSet;
import java.util.HexFormat;
import java.util.Locale;

/**
 * matplotlib's colour maps of 256 colours. Their real-valued channels are rounded for shapes, but truncated for images by {@code imshow},
 * so there are two tables that differ by at most 1.
 */
public enum ColourMap {
    /** matplotlib's default: dark violet to yellow (S. van der Walt and N. Smith, 2015; CC0). */
    VIRIDIS(
            "44015444025544035745055845065a45085b46095c460b5e460c5f460e61470f62471163471265471466471567471669"
                    + "47186a48196b481a6c481c6e481d6f481e70482071482172482273482374472575472676472777472878472a79472b7a"
                    + "472c7b462d7c462f7c46307d46317e45327f45347f453580453681443781443982433a83433b83433c84423d84423e85"
                    + "4240854141864142864043874044873f45873f47883e48883e49893d4a893d4b893d4c893c4d8a3c4e8a3b508a3b518a"
                    + "3a528b3a538b39548b39558b38568b38578c37588c37598c365a8c365b8c355c8c355d8c345e8d345f8d33608d33618d"
                    + "32628d32638d31648d31658d31668d30678d30688d2f698d2f6a8d2e6b8e2e6c8e2e6d8e2d6e8e2d6f8e2c708e2c718e"
                    + "2c728e2b738e2b748e2a758e2a768e2a778e29788e29798e287a8e287a8e287b8e277c8e277d8e277e8e267f8e26808e"
                    + "26818e25828e25838d24848d24858d24868d23878d23888d23898d22898d228a8d228b8d218c8d218d8c218e8c208f8c"
                    + "20908c20918c1f928c1f938b1f948b1f958b1f968b1e978a1e988a1e998a1e998a1e9a891e9b891e9c891e9d881e9e88"
                    + "1e9f881ea0871fa1871fa2861fa38620a48520a58521a68521a78422a78423a88323a98224aa8225ab8126ac8127ad80"
                    + "28ae7f29af7f2ab07e2bb17d2cb17d2eb27c2fb37b30b47a32b57a33b67935b77836b87738b97639b9763bba753dbb74"
                    + "3ebc7340bd7242be7144be7045bf6f47c06e49c16d4bc26c4dc26b4fc36951c46853c56755c66657c66559c7645bc862"
                    + "5ec96160c96062ca5f64cb5d67cc5c69cc5b6bcd596dce5870ce5672cf5574d05477d05279d1517cd24f7ed24e81d34c"
                    + "83d34b86d44988d5478bd5468dd64490d64392d74195d73f97d83e9ad83c9dd93a9fd938a2da37a5da35a7db33aadb32"
                    + "addc30afdc2eb2dd2cb5dd2bb7dd29bade27bdde26bfdf24c2df22c5df21c7e01fcae01ecde01dcfe11cd2e11bd4e11a"
                    + "d7e219dae218dce218dfe318e1e318e4e318e7e419e9e419ece41aeee51bf1e51cf3e51ef6e61ff8e621fae622fde724",
            "e0b81a8fa97eb1018176fb535aa9953a535d0ce7a3c83d9541594df73d4df3edfb9e340d08020499264d0a5b969c34fb"
                    + "534aa0cd2c7d3b1806953e8b043bf90acb4901b425fbdbadd40a357e1c8e5355c5190f573835aa54ad68f1b0e32e479c"),
    /** Black over purple to pale yellow (S. van der Walt and N. Smith, 2015; CC0). */
    MAGMA(
            "00000300000400000601000701010901010b02020d02020f03031104031304041505041706051907051b08061d09071f"
                    + "0a07220b08240c09260d0a280e0a2a0f0b2c100c2f110c31120d33140d35150e38160e3a170f3c180f3f1a10411b1044"
                    + "1c10461e10491f114b20114d2211502311522511552611572811592a115c2b115e2d10602f1062301065321067341068"
                    + "350f6a370f6c390f6e3b0f6f3c0f713e0f72400f73420f74430f75450f76470f774810784a10794b10794d117a4f117b"
                    + "50127b52127c53137c55137d57147d58157e5a157e5b167e5d177e5e177f60187f61187f63197f651a80661a80681b80"
                    + "691c806b1c806c1d806e1e816f1e81711f81731f817420817621817721817922817a22817c23817e24817f2481812581"
                    + "8225818426818526818727818928818a28818c29808d29808f2a80912a80922b80942b80952c80972c7f992d7f9a2d7f"
                    + "9c2e7f9e2e7e9f2f7ea12f7ea3307ea4307da6317da7317da9327cab337cac337bae347bb0347bb1357ab3357ab53679"
                    + "b63679b83778b93778bb3877bd3977be3976c03a75c23a75c33b74c53c74c63c73c83d72ca3e72cb3e71cd3f70ce4070"
                    + "d0416fd1426ed3426dd4436dd6446cd7456bd9466ada4769dc4869dd4968de4a67e04b66e14c66e24d65e44e64e55063"
                    + "e65162e75262e85461ea5560eb5660ec585fed595fee5b5eee5d5def5e5df0605df1615cf2635cf3655cf3675bf4685b"
                    + "f56a5bf56c5bf66e5bf6705bf7715bf7735cf8755cf8775cf9795cf97b5df97d5dfa7f5efa805efa825ffb8460fb8660"
                    + "fb8861fb8a62fc8c63fc8e63fc9064fc9265fc9366fd9567fd9768fd9969fd9b6afd9d6bfd9f6cfda16efda26ffda470"
                    + "fea671fea873feaa74feac75feae76feaf78feb179feb37bfeb57cfeb77dfeb97ffebb80febc82febe83fec085fec286"
                    + "fec488fec689fec78bfec98dfecb8efdcd90fdcf92fdd193fdd295fdd497fdd698fdd89afdda9cfddc9dfddd9ffddfa1"
                    + "fde1a3fce3a5fce5a6fce6a8fce8aafceaacfcecaefceeb0fcf0b1fcf1b3fcf3b5fcf5b7fbf7b9fbf9bbfbfabdfbfcbf",
            "ec9c61744f9b12e86635dc31578aeb45ed851f9890b5835755e7a81c7fcc75b168184f1ec382f1759473708563c7a18a"
                    + "e38e53c78c39a8a7b248bd895f2d0a7d2ed42eebe944e1c90bc8de36dbec16485922288ba0e5a4db035a4abf01b49d6c"),
    /** Black to white. */
    GREY(
            "0000000101010202020303030404040505050606060707070808080909090a0a0a0b0b0b0c0c0c0d0d0d0e0e0e0f0f0f"
                    + "1010101111111212121313131414141515151616161717171818181919191a1a1a1b1b1b1c1c1c1d1d1d1e1e1e1f1f1f"
                    + "2020202020202222222323232424242424242626262727272828282828282a2a2a2b2b2b2c2c2c2c2c2c2e2e2e2f2f2f"
                    + "3030303030303232323333333434343434343636363737373838383838383a3a3a3b3b3b3c3c3c3c3c3c3e3e3e3f3f3f"
                    + "4040404141414141414343434444444545454646464747474848484949494949494b4b4b4c4c4c4d4d4d4e4e4e4f4f4f"
                    + "5050505151515151515353535454545555555656565757575858585959595959595b5b5b5c5c5c5d5d5d5e5e5e5f5f5f"
                    + "6060606161616161616363636464646565656666666767676868686969696969696b6b6b6c6c6c6d6d6d6e6e6e6f6f6f"
                    + "7070707171717171717373737474747575757676767777777878787979797979797b7b7b7c7c7c7d7d7d7e7e7e7f7f7f"
                    + "8080808181818282828383838383838585858686868787878888888989898a8a8a8b8b8b8c8c8c8d8d8d8e8e8e8f8f8f"
                    + "9090909191919292929393939393939595959696969797979898989999999a9a9a9b9b9b9c9c9c9d9d9d9e9e9e9f9f9f"
                    + "a0a0a0a1a1a1a2a2a2a3a3a3a3a3a3a5a5a5a6a6a6a7a7a7a8a8a8a9a9a9aaaaaaabababacacacadadadaeaeaeafafaf"
                    + "b0b0b0b1b1b1b2b2b2b3b3b3b3b3b3b5b5b5b6b6b6b7b7b7b8b8b8b9b9b9babababbbbbbbcbcbcbdbdbdbebebebfbfbf"
                    + "c0c0c0c1c1c1c2c2c2c3c3c3c3c3c3c5c5c5c6c6c6c7c7c7c8c8c8c9c9c9cacacacbcbcbcccccccdcdcdcecececfcfcf"
                    + "d0d0d0d1d1d1d2d2d2d3d3d3d3d3d3d5d5d5d6d6d6d7d7d7d8d8d8d9d9d9dadadadbdbdbdcdcdcdddddddedededfdfdf"
                    + "e0e0e0e1e1e1e2e2e2e3e3e3e3e3e3e5e5e5e6e6e6e7e7e7e8e8e8e9e9e9eaeaeaebebebecececedededeeeeeeefefef"
                    + "f0f0f0f1f1f1f2f2f2f3f3f3f3f3f3f5f5f5f6f6f6f7f7f7f8f8f8f9f9f9fafafafbfbfbfcfcfcfdfdfdfefefeffffff",
            "000000000000000000000000388003388003388003388003c00100c00100c00100c00100c00100c00100c00100c00100"
                    + "007000000000007000000000007000000000007000000000007000000000007000000000007000000000007000000000");

    /** Number of colours of a map. */
    public static final int SIZE = 256;

    @SuppressWarnings("ImmutableEnumChecker") // never changed and never handed out
    private final byte[] image;

    @SuppressWarnings("ImmutableEnumChecker") // never changed and never handed out
    private final byte[] rounded;

    /**
     * @param truncated channels: two hexadecimal digits each for red, green and blue, from low to high
     * @param roundedUp one bit for each of these channels, the lowest bit of a byte first: set where rounding gives 1 more
     */
    ColourMap(String truncated, String roundedUp) {
        image = HexFormat.of().parseHex(truncated);
        rounded = image.clone();
        BitSet.valueOf(HexFormat.of().parseHex(roundedUp)).stream().forEach(channel -> rounded[channel]++);
    }

    /** The name in files: {@code viridis}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Colour {@code index} in 0 (low) .. 255 (high), as {@code 0xRRGGBB}. */
    public int rgb(int index) {
        if (index < 0 || index >= SIZE) {
            throw new IllegalArgumentException("the index of a colour must be in [0, 255], found " + index);
        }
        return (rounded[3 * index] & 0xff) << 16
                | (rounded[3 * index + 1] & 0xff) << 8
                | (rounded[3 * index + 2] & 0xff);
    }

    /** All colours as {@code imshow} uses them, truncated; red in the lowest byte, then green, then blue. */
    int[] imageTable() {
        int[] table = new int[SIZE];
        for (int i = 0; i < SIZE; i++) {
            table[i] = (image[3 * i] & 0xff) | (image[3 * i + 1] & 0xff) << 8 | (image[3 * i + 2] & 0xff) << 16;
        }
        return table;
    }
}
