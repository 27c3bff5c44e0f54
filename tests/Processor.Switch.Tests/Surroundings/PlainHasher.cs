using Processor.Cards;

namespace Processor.Switch.Tests;

/// <summary>A hash without a key: good enough to tell test cards apart.</summary>
internal sealed class PlainHasher : IPanHasher
{
    public PanHash Hash(Pan pan) => new(((UInt128)pan.Leading(pan.Length) << 8) | (uint)pan.Length);
}
