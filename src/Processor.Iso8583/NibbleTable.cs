namespace Processor.Iso8583;

/// <summary>What the nibbles of one BCD element stand for, where that is not the standard's own: 0 to 9 are digits.</summary>
internal sealed class NibbleTable
{
    /// <summary>The nibble is not allowed.</summary>
    public const byte Refused = 0xFF;

    /// <summary>The nibble is a filler, allowed at the end, and no character.</summary>
    public const byte Filler = 0;

    private readonly byte[] _characters = new byte[16];
    private readonly byte[] _nibbles = new byte[256];

    /// <param name="signs">The characters of nibbles above 9; <see cref="Filler"/> for one that is no character.</param>
    public NibbleTable(IReadOnlyDictionary<int, byte> signs)
    {
        Array.Fill(_characters, Refused);
        Array.Fill(_nibbles, Refused);
        for (byte digit = 0; digit < 10; digit++)
            _characters[digit] = (byte)('0' + digit);
        foreach (var (nibble, character) in signs)
            _characters[nibble] = character;
        for (byte nibble = 0; nibble < 16; nibble++)
        {
            if (_characters[nibble] == Filler)
                FillerNibble = nibble;
            else if (_characters[nibble] != Refused)
                _nibbles[_characters[nibble]] = nibble;
        }
    }

    /// <summary>The nibble that stands for nothing; -1 when there is none.</summary>
    public int FillerNibble { get; } = -1;

    public byte CharacterOf(int nibble) => _characters[nibble];

    /// <summary>The nibble of a character, or <see cref="Refused"/>.</summary>
    public byte NibbleOf(byte character) => _nibbles[character];
}
