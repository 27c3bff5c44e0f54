using System.Runtime.CompilerServices;

namespace Processor.Ledger;

/// <summary>Six bytes of a message's text as received, as DE 38; zero bytes where it was absent.</summary>
[InlineArray(6)]
public struct Ascii6
{
    private byte first;
}

/// <summary>Eight bytes of a message's text as received, as DE 41; zero bytes where it was absent.</summary>
[InlineArray(8)]
public struct Ascii8
{
    private byte first;
}

/// <summary>Twelve bytes of a message's text as received, as DE 37; zero bytes where it was absent.</summary>
[InlineArray(12)]
public struct Ascii12
{
    private byte first;
}

/// <summary>Fifteen bytes of a message's text as received, as DE 42; zero bytes where it was absent.</summary>
[InlineArray(15)]
public struct Ascii15
{
    private byte first;
}

/// <summary>Forty bytes of a message's text as received, as DE 43; zero bytes where it was absent.</summary>
[InlineArray(40)]
public struct Ascii40
{
    private byte first;
}
