namespace Processor.Security;

/// <summary>A key that is ready to encrypt blocks.</summary>
internal interface IBlockKey
{
    /// <summary>Bytes of a block, 8 or 16.</summary>
    static abstract int BlockLength { get; }

    /// <summary>Encrypts one block where it stands.</summary>
    void Encrypt(Span<byte> block);

    /// <summary>Decrypts one block where it stands.</summary>
    void Decrypt(Span<byte> block);
}
