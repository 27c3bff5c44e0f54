using System.Security.Cryptography;

namespace Processor.Security;

/// <summary>The keys of a card, and of one transaction: EMV Book 2 annex A1. Parity is set where a key's bytes are used as data.</summary>
internal static class IccKeys
{
    /// <summary>The card's master key, with odd parity.</summary>
    /// <param name="issuerKey">The issuer master key.</param>
    /// <param name="option">How.</param>
    /// <param name="pan">ASCII digits.</param>
    /// <param name="psn">0 to 99.</param>
    internal static (ulong Left, ulong Right) Master(ref TripleDesKey issuerKey, IccKeyOption option, ReadOnlySpan<byte> pan, int psn)
    {
        return Master(ref issuerKey, Seed(option, pan, psn));
    }

    /// <summary>What a card's key is derived from: 16 digits as nibbles.</summary>
    internal static ulong Seed(IccKeyOption option, ReadOnlySpan<byte> pan, int psn) =>
        option == IccKeyOption.B && pan.Length > 16 ? SeedB(pan, psn) : SeedA(pan, psn);

    /// <summary>What jPOS does as option B for dynamic values: a hash, also of a short PAN.</summary>
    internal static (ulong Left, ulong Right) MasterByHash(ref TripleDesKey issuerKey, ReadOnlySpan<byte> pan, int psn)
    {
        return Master(ref issuerKey, SeedB(pan, psn));
    }

    /// <summary>The common session key: the value with F0 and 0F as its third byte, encrypted.</summary>
    internal static (ulong Left, ulong Right) CommonSession(ref TripleDesKey master, ulong value)
    {
        var rest = value & 0xFFFF_00FF_FFFF_FFFF;
        return master.EncryptTwo(rest | 0x0000_F000_0000_0000, rest | 0x0000_0F00_0000_0000);
    }

    /// <summary>Visa's key for secure messaging: the counter, and its complement, added to the end of the halves.</summary>
    internal static (ulong Left, ulong Right) VisaMessaging((ulong Left, ulong Right) master, ushort atc) =>
        (master.Left ^ atc, master.Right ^ (ushort)~atc);

    /// <summary>The session key tree of EMV 2000: walks down from the card's key to the counter's leaf.</summary>
    internal static (ulong Left, ulong Right) Tree((ulong Left, ulong Right) master, (ulong Left, ulong Right) iv, ushort atc, int height, int branch)
    {
        var grandparent = iv;
        var parent = master;
        for (var level = height - 1; level > 0; level--)
        {
            var node = (uint)atc;
            for (var step = 0; step < level; step++)
                node /= (uint)branch;
            var child = Child(parent, grandparent, node % (uint)branch);
            (grandparent, parent) = (parent, child);
        }

        var leaf = Child(parent, grandparent, atc % (uint)branch);
        return (leaf.Left ^ grandparent.Left, leaf.Right ^ grandparent.Right);
    }

    private static (ulong Left, ulong Right) Child((ulong Left, ulong Right) parent, (ulong Left, ulong Right) grandparent, uint place)
    {
        var key = new TripleDesKey(parent.Left, parent.Right);
        var child = key.EncryptTwo(grandparent.Left ^ place, grandparent.Right ^ place ^ 0xF0);
        key.Clear();
        return child;
    }

    private static (ulong Left, ulong Right) Master(ref TripleDesKey issuerKey, ulong seed)
    {
        var (left, right) = issuerKey.EncryptTwo(seed, ~seed);
        return (Parity.Adjust(left), Parity.Adjust(right));
    }

    private static ulong SeedA(ReadOnlySpan<byte> pan, int psn)
    {
        var taken = pan.Length > 14 ? pan[^14..] : pan;
        return (DigitBlock.Pack(taken) << 8) | ((uint)(psn / 10) << 4) | (uint)(psn % 10);
    }

    private static ulong SeedB(ReadOnlySpan<byte> pan, int psn)
    {
        Span<byte> packed = stackalloc byte[11];
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        var length = (pan.Length + 3) / 2;
        packed.Clear();
        for (var index = 0; index < pan.Length; index++)
        {
            var place = index + (pan.Length & 1);
            packed[place / 2] |= (byte)((pan[index] & 0xF) << ((place & 1) == 0 ? 4 : 0));
        }

        packed[length - 1] = (byte)(((psn / 10) << 4) | (psn % 10));
#pragma warning disable CA5350 // EMV Book 2 annex A1.4.2 has SHA-1.
        SHA1.HashData(packed[..length], hash);
#pragma warning restore CA5350
        packed.Clear();
        return Decimalise(hash);
    }

    // The first 16 decimal digits of the hash, then its letters as 0 to 5.
    private static ulong Decimalise(ReadOnlySpan<byte> hash)
    {
        ulong seed = 0;
        var found = 0;
        for (var pass = 0; pass < 2; pass++)
        {
            for (var index = 0; index < hash.Length * 2 && found < 16; index++)
            {
                var nibble = (uint)(hash[index / 2] >> ((index & 1) == 0 ? 4 : 0)) & 0xF;
                if (nibble > 9 != (pass == 1))
                    continue;
                seed = (seed << 4) | (nibble % 10);
                found++;
            }
        }

        return seed;
    }
}
