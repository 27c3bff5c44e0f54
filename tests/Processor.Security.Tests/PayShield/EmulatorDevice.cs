using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Processor.Security.Tests;

/// <summary>What a device computes for the commands that the adapter sends, with the ciphers of this project.</summary>
internal sealed class EmulatorDevice
{
    private const string Right = "00";
    private const string Wrong = "01";

    /// <summary>Commands that answer 68.</summary>
    internal HashSet<string> Disabled { get; } = [];

    /// <summary>Computes the answer without header: code, error code, fields.</summary>
    internal byte[] Answer(byte[] body)
    {
        var command = new EmulatorCommand(body);
        var code = command.Code[0].ToString() + (char)(command.Code[1] + 1);
        try
        {
            var fields = Disabled.Contains(command.Code) ? throw new EmulatorRefusal("68") : Compute(command);
            return command.IsAtEnd ? [.. Encoding.ASCII.GetBytes(code), .. fields] : Encoding.ASCII.GetBytes(code + "15");
        }
        catch (EmulatorRefusal refusal)
        {
            return Encoding.ASCII.GetBytes(code + refusal.Code);
        }
    }

    private static byte[] Compute(EmulatorCommand command) => command.Code switch
    {
        "NO" => Status(command),
        "CY" => Ascii(VerifyCvv(command)),
        "CW" => Ascii(Right + Cvv(command.Key(), command)),
        "EC" => Ascii(Pvv(command, isDukpt: false)),
        "GQ" => Ascii(Pvv(command, isDukpt: true)),
        "EA" => Ascii(Offset(command, isDukpt: false)),
        "GO" => Ascii(Offset(command, isDukpt: true)),
        "FW" => Ascii(MakePvv(command)),
        "CC" => Ascii(Translate(command, isDukpt: false)),
        "G0" => Ascii(Translate(command, isDukpt: true)),
        "KQ" or "KW" => Arqc(command),
        "KU" => Script(command),
        "M6" => Ascii(Right + Mac(command)),
        "M8" => Ascii(VerifyMac(command)),
        _ => throw new EmulatorRefusal("67"),
    };

    private static byte[] Status(EmulatorCommand command)
    {
        command.Expect("00");
        return Ascii(Right + "31641234-56789003");
    }

    private static string VerifyCvv(EmulatorCommand command)
    {
        var key = command.Key();
        var given = command.Text(3);
        return given == Cvv(key, command) ? Right : Wrong;
    }

    private static string Cvv(TripleDesKey key, EmulatorCommand command)
    {
        var pan = command.Until(';');
        var digits = Ascii(pan + command.Text(4) + command.Text(3));
        return CardValue.Cvv(ref key, digits, 3).ToString("D3", CultureInfo.InvariantCulture);
    }

    // What is before the PIN block's fields: the key that it is under, and the verification or target key.
    private static (TripleDesKey Block, TripleDesKey Other) Keys(EmulatorCommand command, bool isDukpt)
    {
        var first = command.KeyBytes("10");
        var other = command.Key("11");
        if (!isDukpt)
            return (new(first), other);
        command.Expect("A05");
        UInt128 ksn = 0;
        foreach (var item in Convert.FromHexString(command.Text(20)))
            ksn = (ksn << 8) | item;
        var (left, right) = DukptTdes.PinKey(DukptTdes.TransactionKey(EmulatorKeys.Halves(first), ksn));
        return (new(left, right), other);
    }

    private static ClearPin Open(TripleDesKey key, ulong block, int format, string account)
    {
        var iso = format switch { 1 => PinBlockFormat.Iso0, 5 => PinBlockFormat.Iso1, 47 => PinBlockFormat.Iso3, _ => throw new EmulatorRefusal("23") };
        return PinBlockCode.Decode(iso, key.Decrypt(block), DigitBlock.Pack(Ascii(account)), out var pin) == PinBlockFault.None ? pin : throw new EmulatorRefusal("20");
    }

    private static string Pvv(EmulatorCommand command, bool isDukpt)
    {
        if (isDukpt)
            command.Expect("0");
        var (key, verification) = Keys(command, isDukpt);
        var pin = Open(key, command.Hex64(), command.Number(2), command.Text(12) is var account ? account : "");
        var right = PinValue.Pvv(ref verification, Ascii(account + "0"), command.Number(1), pin);
        return (int)right == command.Number(4) ? Right : Wrong;
    }

    private static string MakePvv(EmulatorCommand command)
    {
        command.Expect("001");
        var key = command.Key();
        var verification = command.Key("11");
        var pin = Open(key, command.Hex64(), command.Number(2), command.Text(12) is var account ? account : "");
        return Right + PinValue.Pvv(ref verification, Ascii(account + "0"), command.Number(1), pin).ToString("D4", CultureInfo.InvariantCulture);
    }

    private static string Offset(EmulatorCommand command, bool isDukpt)
    {
        if (isDukpt)
            command.Expect("0");
        var (key, verification) = Keys(command, isDukpt);
        if (!isDukpt)
            command.Expect("12");
        var block = command.Hex64();
        var format = command.Number(2);
        var length = command.Number(2);
        var account = command.Text(12);
        var pin = Open(key, block, format, account);
        var profile = new Ibm3624Profile(command.Text(16));
        var validation = command.Text(12).Replace("N", account[^5..], StringComparison.Ordinal);
        var offset = command.Text(12).TrimEnd('F');
        if (pin.Length != length)
            throw new EmulatorRefusal("81");
        var data = verification.Encrypt(ulong.Parse(validation, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        ulong natural = 0;
        for (var shift = 60; shift >= 0; shift -= 4)
            natural = (natural << 4) | profile.DecimalisationTable[(int)(data >> shift) & 0xF];
        return PinValue.Offset(natural, pin) == ulong.Parse(offset, CultureInfo.InvariantCulture) && offset.Length == length ? Right : Wrong;
    }

    private static string Translate(EmulatorCommand command, bool isDukpt)
    {
        var (source, target) = Keys(command, isDukpt);
        if (!isDukpt)
            command.Expect("12");
        var block = command.Hex64();
        var (from, to) = (command.Number(2), command.Number(2));
        var account = command.Text(12);
        var pin = Open(source, block, from, account);
        var format = to == 1 ? PinBlockFormat.Iso0 : PinBlockFormat.Iso3;
        var made = target.Encrypt(PinBlockCode.Encode(format, pin, DigitBlock.Pack(Ascii(account)), PinBlockCode.FilledWithA));
        return string.Create(CultureInfo.InvariantCulture, $"{Right}{pin.Length:D2}{made:X16}{to:D2}");
    }

    private static byte[] Arqc(EmulatorCommand command)
    {
        var mode = command.Number(1);
        var scheme = command.Number(1);
        var issuer = command.Key();
        var seed = command.Binary64();
        var master = new TripleDesKey(Parity.Adjust(issuer.Encrypt(seed)), Parity.Adjust(issuer.Encrypt(~seed)));
        var atc = BinaryPrimitives.ReadUInt16BigEndian(command.Bytes(2));
        var number = command.Code == "KQ" ? BinaryPrimitives.ReadUInt32BigEndian(command.Bytes(4)) : 0;
        var session = master;
        if (scheme != 0)
        {
            var (left, right) = Cryptogram.Session(ref master, scheme == 1 ? SessionMethod.MChip : SessionMethod.Common, atc, number);
            session = new(left, right);
        }

        byte[]? data = null;
        if (mode is 0 or 1 or 3)
        {
            data = command.Bytes(command.HexNumber(2));
            command.Expect(";");
        }

        var cryptogram = command.Binary64();
        ref var key = ref session;
        if (command.Code == "KQ")
            key = ref master;
        byte[] answer = [];
        if (mode is 1 or 2)
        {
            answer = new byte[8];
            BinaryPrimitives.WriteUInt64BigEndian(answer, Cryptogram.Arpc1(ref key, cryptogram, BinaryPrimitives.ReadUInt16BigEndian(command.Bytes(2))));
        }
        else if (mode is 3 or 4)
        {
            answer = new byte[4];
            var status = BinaryPrimitives.ReadUInt32BigEndian(command.Bytes(4));
            var length = command.Number(1);
            var proprietary = new byte[8];
            command.Bytes(length).CopyTo(proprietary, 0);
            BinaryPrimitives.WriteUInt32BigEndian(answer, Cryptogram.Arpc2(ref key, cryptogram, status, BinaryPrimitives.ReadUInt64BigEndian(proprietary), length));
        }

        if (data is not null && RetailMac.Algorithm3(ref session, data, MacPadding.Method1) != cryptogram)
            throw new EmulatorRefusal(Wrong);
        return [.. Ascii(Right), .. answer];
    }

    private static byte[] Script(EmulatorCommand command)
    {
        command.Expect("0");
        var isVisa = command.Text(1) == "0";
        var issuer = command.Key();
        var seed = command.Binary64();
        var (left, right) = (Parity.Adjust(issuer.Encrypt(seed)), Parity.Adjust(issuer.Encrypt(~seed)));
        var session = command.Binary64();
        if (isVisa)
        {
            (left, right) = IccKeys.VisaMessaging((left, right), (ushort)session);
        }
        else
        {
            var master = new TripleDesKey(left, right);
            (left, right) = IccKeys.CommonSession(ref master, session);
        }

        var message = command.Bytes(command.HexNumber(4));
        command.Expect(";");
        var key = new TripleDesKey(left, right);
        var answer = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(answer, RetailMac.Algorithm3(ref key, message, MacPadding.Method2));
        return [.. Ascii(Right), .. answer];
    }

    private static string Mac(EmulatorCommand command)
    {
        command.Expect("00");
        var size = command.Number(1) == 0 ? 8 : 16;
        var algorithm = command.Number(1);
        var padding = (MacPadding)command.Number(1);
        command.Expect("008");
        var key = command.Key();
        var message = command.Bytes(command.HexNumber(4));
        var mac = algorithm == 1 ? RetailMac.Algorithm1(ref key, message, padding) : RetailMac.Algorithm3(ref key, message, padding);
        return mac.ToString("X16", CultureInfo.InvariantCulture)[..size];
    }

    private static string VerifyMac(EmulatorCommand command)
    {
        var right = Mac(command);
        return right == command.Text(right.Length) ? Right : Wrong;
    }

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);
}
