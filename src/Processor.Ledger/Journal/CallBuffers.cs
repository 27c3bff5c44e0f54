using System.Numerics;
using StackExchange.Redis;

namespace Processor.Ledger;

/// <summary>
/// The arrays of script calls. Each call takes one of a size class, a little longer than needed, and the next call of that class
/// takes it again. The Redis client sends from the array itself, so it is used again only once the call's outcome is known.
/// </summary>
internal sealed class CallBuffers
{
    // Eight classes to each doubling, from 64 bytes.
    private const int LengthMin = 64;
    private const int LengthMinLog = 5;
    private const int ClassBits = 3;

    private readonly byte[]?[] bytes = new byte[]?[(31 - LengthMinLog) << ClassBits];
    private RedisKey[]?[] keys = [];

    /// <summary>Copies into an array of at least that length.</summary>
    internal byte[] Copy(ReadOnlySpan<byte> content)
    {
        var last = (uint)Math.Max(content.Length, LengthMin) - 1;
        var log = BitOperations.Log2(last);
        var leading = last >> (log - ClassBits);
        ref var array = ref bytes[((log - LengthMinLog) << ClassBits) + (int)(leading & ((1u << ClassBits) - 1))];
        array ??= new byte[(leading + 1) << (log - ClassBits)];
        content.CopyTo(array);
        return array;
    }

    /// <summary>An array of exactly that many keys, filled with those of an earlier call.</summary>
    internal RedisKey[] Keys(int count)
    {
        if (count >= keys.Length)
            Array.Resize(ref keys, Math.Max(count + 1, keys.Length * 2));
        return keys[count] ??= new RedisKey[count];
    }

    /// <summary>Leaves all arrays to a client that may still have to send from them.</summary>
    internal void Forget()
    {
        Array.Clear(bytes);
        Array.Clear(keys);
    }
}
