namespace Processor.Iso8583;

/// <summary>Where a <see cref="PartReader"/> stands.</summary>
internal enum PartsMode : byte
{
    Start,
    Prefix,
    Positional,
    Tlv,
    BerTlv,
    Bitmap,
    Datasets,

    /// <summary>At the bitmap of a dataset.</summary>
    DatasetBitmap,

    /// <summary>Behind the bitmap of a dataset.</summary>
    DatasetBits,
}
