namespace Processor.Iso8583;

/// <summary>What the bytes of an element must look like: its class and its encoding taken together.</summary>
internal enum ContentCheck : byte
{
    None,
    Digits,
    BcdDigits,
    BcdTrack,
    SignedDigits,
    SignedBcd,
    Printable,
    Letters,
    LettersAndDigits,
    DigitsAndSpecials,
    Track,
    HexDigits,
    Latin1,
}
