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
    SevenBits,

    /// <summary>The nibbles of the element's own table.</summary>
    BcdTable,
    EbcdicDigits,
    EbcdicSignedDigits,
    EbcdicLetters,
    EbcdicLettersAndDigits,
    EbcdicTrack,
    EbcdicHexDigits,
    EbcdicPrintable037,
    EbcdicPrintable500,
    EbcdicPrintable1047,
    EbcdicDigitsAndSpecials037,
    EbcdicDigitsAndSpecials500,
    EbcdicDigitsAndSpecials1047,
}
