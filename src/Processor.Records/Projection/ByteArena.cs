namespace Processor.Records;

/// <summary>Bytes of a batch, kept in large arrays until it is written. The arrays are used again; one thread at a time.</summary>
internal sealed class ByteArena
{
    private const int ChunkLength = 64 * 1024;

    private readonly List<byte[]> chunks = [];
    private int chunk;
    private int used;

    /// <summary>Copies bytes.</summary>
    /// <returns>The copy, good until <see cref="Clear"/>.</returns>
    internal ReadOnlyMemory<byte> Copy(ReadOnlySpan<byte> bytes)
    {
        var memory = Reserve(bytes.Length);
        bytes.CopyTo(memory.Span);
        return memory;
    }

    /// <summary>Room for so many bytes, good until <see cref="Clear"/>. What stands in it is of no meaning.</summary>
    internal Memory<byte> Reserve(int length)
    {
        while (chunk < chunks.Count && chunks[chunk].Length - used < length)
        {
            chunk++;
            used = 0;
        }

        if (chunk == chunks.Count)
            chunks.Add(new byte[Math.Max(ChunkLength, length)]);
        var memory = chunks[chunk].AsMemory(used, length);
        used += length;
        return memory;
    }

    /// <summary>Everything handed out is good no longer.</summary>
    internal void Clear()
    {
        chunk = 0;
        used = 0;
    }
}
