namespace Processor.Security.Vectors;

/// <summary>Keys under the published test set of local master keys of a Thales payShield, with variants. For known answers and for emulators in tests.</summary>
internal static class LmkVariant
{
    // The pairs 00-01 to 38-39 of the standard test set: each half is one byte eight times, or as written.
    private static readonly (ulong Left, ulong Right)[] Pairs =
    [
        (0x0101010101010101, 0x7902CD1FD36EF8BA), (0x2020202020202020, 0x3131313131313131), (0x4040404040404040, 0x5151515151515151),
        (0x6161616161616161, 0x7070707070707070), (0x8080808080808080, 0x9191919191919191), (0xA1A1A1A1A1A1A1A1, 0xB0B0B0B0B0B0B0B0),
        (0xC1C1010101010101, 0xD0D0010101010101), (0xE0E0010101010101, 0xF1F1010101010101), (0x1C587F1C13924FEF, 0x0101010101010101),
        (0x0101010101010101, 0x0101010101010101), (0x0202020202020202, 0x0404040404040404), (0x0707070707070707, 0x1010101010101010),
        (0x1313131313131313, 0x1515151515151515), (0x1616161616161616, 0x1919191919191919), (0x1A1A1A1A1A1A1A1A, 0x1C1C1C1C1C1C1C1C),
        (0x2323232323232323, 0x2525252525252525), (0x2626262626262626, 0x2929292929292929), (0x2A2A2A2A2A2A2A2A, 0x2C2C2C2C2C2C2C2C),
        (0x2F2F2F2F2F2F2F2F, 0x3131313131313131), (0x0101010101010101, 0x0101010101010101),
    ];

    private static ReadOnlySpan<byte> Variants => [0x00, 0xA6, 0x5A, 0x6A, 0xDE, 0x2B, 0x50, 0x74, 0x9C, 0xFA];

    // The first byte of the pair's second half is varied by the part of the key: two parts of scheme U, three of scheme T.
    private static ReadOnlySpan<byte> DoubleParts => [0xA6, 0x5A];

    private static ReadOnlySpan<byte> TripleParts => [0x6A, 0xDE, 0x2B];

    internal static string Encrypt(VectorInputs inputs)
    {
        var key = inputs.Hex("key", 8, 16, 24);
        var (left, right) = Pairs[inputs.Integer("lmk_pair_index", 0, Pairs.Length - 1)];
        left ^= (ulong)Variants[(int)inputs.Integer("variant", 0, 9)] << 56;
        ReadOnlySpan<byte> parts = (inputs.Text("scheme", "U"), key.Length) switch
        {
            ("U", 16) => DoubleParts,
            ("T", 24) => TripleParts,
            ("Z", 8) => [0],
            _ => throw new VectorException("scheme does not go with the key's length."),
        };
        for (var index = 0; index < parts.Length; index++)
        {
            var lmk = new TripleDesKey(left, right ^ ((ulong)parts[index] << 56));
            lmk.Encrypt(key.AsSpan(8 * index, 8));
        }

        return Convert.ToHexString(key);
    }
}
