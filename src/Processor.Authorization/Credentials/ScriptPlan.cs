using Processor.Cards;

namespace Processor.Authorization;

/// <summary>An order for a chip, compiled: the command without its MAC.</summary>
internal sealed class ScriptPlan
{
    /// <summary>Bytes of a command's MAC.</summary>
    internal const int MacLength = 8;

    /// <summary>Bytes before a command's data.</summary>
    internal const int HeaderLength = 5;

    // CLA: with secure messaging, the MAC in the data.
    private const byte Class = 0x84;

    /// <summary>Compiles an order.</summary>
    /// <exception cref="ArgumentException">It makes no sense.</exception>
    internal ScriptPlan(ScriptOrder order)
    {
        if (order.Template is not (0x71 or 0x72) || order.Number <= 0 || order.Data.Length > ScriptOrder.DataLengthMax
            || (order.Command == ScriptCommand.PutData) != (order.DataObject != 0))
            throw new ArgumentException($"Order {order.Number} for a chip makes no sense.", nameof(order));
        byte instruction = order.Command switch
        {
            ScriptCommand.ApplicationBlock => 0x1E,
            ScriptCommand.ApplicationUnblock => 0x18,
            ScriptCommand.CardBlock => 0x16,
            ScriptCommand.PinUnblock or ScriptCommand.PinChange => 0x24,
            ScriptCommand.PutData => 0xDA,
            _ => throw new ArgumentException($"Order {order.Number} for a chip has no command that is known.", nameof(order)),
        };
        IsPinChange = order.Command == ScriptCommand.PinChange;
        if (IsPinChange ? !SealedPin.TryRead(order.Data.Span, out _, out _) : order.Command != ScriptCommand.PutData && order.Data.Length > 0)
            throw new ArgumentException($"Order {order.Number} for a chip has other data than its command takes.", nameof(order));
        Number = order.Number;
        Template = order.Template;
        Data = order.Data;
        Header = new byte[] { Class, instruction, (byte)(order.DataObject >> 8), (byte)order.DataObject, (byte)(order.Data.Length + MacLength) };
    }

    internal int Number { get; }

    internal byte Template { get; }

    /// <summary>True when the data is a PIN block, of which the module makes the whole command.</summary>
    internal bool IsPinChange { get; }

    /// <summary>CLA INS P1 P2 Lc.</summary>
    internal ReadOnlyMemory<byte> Header { get; }

    internal ReadOnlyMemory<byte> Data { get; }
}
