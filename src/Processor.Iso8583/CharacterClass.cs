namespace Processor.Iso8583;

/// <summary>The characters an element may hold, by the standard's own letters.</summary>
public enum CharacterClass : byte
{
    /// <summary><c>n</c>: digits.</summary>
    N,

    /// <summary><c>a</c>: letters, and spaces as padding.</summary>
    A,

    /// <summary><c>an</c>: letters and digits, and spaces as padding.</summary>
    An,

    /// <summary><c>ns</c>: digits and special characters, no letters.</summary>
    Ns,

    /// <summary><c>ans</c>: every printable character.</summary>
    Ans,

    /// <summary><c>z</c>: track 2 and 3 code set, 0x30 to 0x3F, with <c>=</c> (or <c>D</c>) as separator.</summary>
    Z,

    /// <summary><c>x+n</c>: <c>C</c> or <c>D</c> (or <c>0</c>, no sign told), then digits.</summary>
    SignedN,

    /// <summary><c>b</c>: bytes, any.</summary>
    B,

    /// <summary><c>any</c>: every character of its encoding, controls too; for networks that check nothing.</summary>
    Any,
}
