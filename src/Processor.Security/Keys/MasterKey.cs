using System.Security.Cryptography;

namespace Processor.Security;

/// <summary>The key that all others are kept under: 32 bytes of AES, put together from components. Prints a mask.</summary>
/// <remarks>In pinned memory; whoever makes it disposes it, after the module.</remarks>
public sealed class MasterKey : IDisposable
{
    /// <summary>Bytes of the key and of each component.</summary>
    public const int Length = 32;

    private readonly byte[] bytes = GC.AllocateArray<byte>(Length, pinned: true);
    private bool isDisposed;

    private MasterKey()
    {
    }

    internal ReadOnlySpan<byte> Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            return bytes;
        }
    }

    /// <summary>Puts the key together.</summary>
    /// <param name="components">Two or three of 32 bytes, each with its check value, from two or three people.</param>
    /// <param name="checkValue">At least 4 hexadecimal digits of the whole key's check value.</param>
    /// <param name="master">The key; null unless the answer is <see cref="HsmStatus.Ok"/>.</param>
    public static HsmStatus TryCreate(IReadOnlyList<KeyComponent> components, string checkValue, out MasterKey? master)
    {
        master = null;
        var key = new MasterKey();
        var status = KeyComponents.Join(components, KeyAlgorithm.Aes, checkValue, key.bytes);
        if (status == HsmStatus.Ok)
            master = key;
        else
            key.Dispose();
        return status;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        isDisposed = true;
        CryptographicOperations.ZeroMemory(bytes);
    }

    /// <inheritdoc/>
    public override string ToString() => "MasterKey ****";
}
