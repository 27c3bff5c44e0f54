using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Processor.Cards;
using Processor.Iso8583;
using Processor.Security;
using Processor.Testing;
using StackExchange.Redis;
using Xunit;

namespace Processor.EndToEnd.Tests;

/// <summary>What must not be kept after an authorization is looked for everywhere after a run that had all of it, right and wrong.</summary>
public sealed class SecrecyTests
{
    private const string Marker = "Corner Shop";
    private const string OtherPrivateData = "PRIVATEDATA";
    private const string HolderOfTrack = "TRACKHOLDER/OFNOCARD";

    private static readonly TimeSpan SenderPatience = TimeSpan.FromSeconds(20);
    private static readonly Pan[] Cards = [DemoCards.Unlimited, DemoCards.Everyday, DemoCards.Poor, DemoCards.Frozen];
    private static readonly string[] KeyNames =
    [
        DemoKeys.CardValues, DemoKeys.Cryptograms, DemoKeys.Integrity, DemoKeys.Confidentiality, DemoKeys.Pins, DemoKeys.ZonePins, DemoKeys.ZoneMacs,
        DemoKeys.ZoneMaster,
    ];

    private readonly List<Secret> secrets = [];
    private ShortValues shortValues = null!;

    [Fact]
    public Task After_a_run_nothing_secret_is_in_a_table_a_key_a_stream_a_file_a_log_a_metric_or_an_answer() => Seeds.RunAsync(20260106, async random =>
    {
        shortValues = new(random);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        using var folder = TestFolder.Create("secrecy");
        string[] components = [Path.Combine(folder.Path, "component-1"), Path.Combine(folder.Path, "component-2")];
        await using var system = await LiveSystem.StartWithModuleAsync(folder.Path, "Logging__LogLevel__Default=Trace");

        await PlayAsync(system, patience.Token);
        await system.DrainAsync();

        Remember(system, components);
        var places = new Dictionary<string, string>();
        var facade = new Facade(system.Host);
        places.Add("cards", await facade.GetTextAsync("/v1/cards?limit=100"));
        foreach (var last4 in new[] { "7899", "0010", "0028", "0036" })
            places.Add("transactions of " + last4, await facade.GetTextAsync($"/v1/cards/{await facade.FindCardAsync(last4)}/transactions?limit=100"));
        places.Add("metrics", await system.Host.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), patience.Token));
        places.Add("logs", system.Host.Log());
        places.Add("key file", await File.ReadAllTextAsync(Path.Combine(folder.Path, "keys"), patience.Token));
        await ReadPostgresAsync(system, places, patience.Token);
        await ReadRedisAsync(system, places);

        // The search itself: what may be kept is found in the books, in the journal as it was in its stream, and in Redis.
        var marker = Secret.OfText("marker", Marker);
        Assert.True(marker.IsIn(places["transactions of 7899"]), "The façade does not tell of the run.");
        Assert.True(marker.IsIn(places["table journal"]), "The journal does not tell of the run.");
        Assert.Contains(places, place => place.Key.Contains(":acct:", StringComparison.Ordinal));
        Assert.Contains("SignOn", places["logs"], StringComparison.Ordinal);

        // The key file holds the keys under the master key.
        Assert.Empty(FindIn(places));

        // And in what the servers themselves keep: pages and their log, and each write that Redis was sent.
        await CheckpointAsync(system, patience.Token);
        var isMarked = SearchFiles(Path.Combine(system.Postgres.Folder, "data"), marker) & SearchFiles(system.Redis.Folder, marker);
        Assert.True(isMarked, "The files of Postgres and Redis do not tell of the run.");
        foreach (var file in Directory.EnumerateFiles(system.Redis.Folder, "*.aof", SearchOption.AllDirectories))
            Assert.False(shortValues.AreIn(TryRead(file) ?? ""), "CVV2s are in what Redis was sent.");

        await AssertWouldBeFoundAsync(system, patience.Token);
    });

    /// <summary>The secrets that are in a place, and the places that have the short ones.</summary>
    private List<string> FindIn(Dictionary<string, string> places) =>
    [
        .. places.SelectMany(place => secrets.Where(secret => secret.IsIn(place.Value)).Select(secret => $"{secret} in {place.Key}")),
        .. places.Where(place => shortValues.AreIn(place.Value)).Select(place => $"CVV2s in {place.Key}"),
    ];

    /// <summary>Puts everything that must not be kept into a table, a key, a stream and a file, and looks again.</summary>
    private async Task AssertWouldBeFoundAsync(LiveSystem system, CancellationToken cancellation)
    {
        var values = string.Join('\n', shortValues.Sent.Select(value => $"{{\"cvv2\":{value}}}"));
        var all = secrets.DistinctBy(secret => secret.Name).ToList();
        await using (var connection = new NpgsqlConnection(system.Database + ";Pooling=false"))
        {
            await connection.OpenAsync(cancellation);
            await ExecuteAsync("create table leak (name text, form bytea)");
            await ExecuteAsync("insert into leak values ($1, null)", values);
            foreach (var secret in all)
                await ExecuteAsync("insert into leak values ('', $1)", Encoding.Latin1.GetBytes(secret.Forms[0]));

            async Task ExecuteAsync(string sql, params object[] parameters)
            {
                await using var command = new NpgsqlCommand(sql, connection);
                foreach (var parameter in parameters)
                    command.Parameters.AddWithValue(parameter);
                await command.ExecuteNonQueryAsync(cancellation);
            }
        }

        await system.ReadRedisAsync(async redis =>
        {
            foreach (var secret in all)
            {
                await redis.HashSetAsync("leak:hash", secret.Name, Encoding.Latin1.GetBytes(secret.Forms[^1]));
                await redis.ExecuteAsync("XADD", "leak:stream", "*", "form", Encoding.Latin1.GetBytes(secret.Forms[0]));
            }

            foreach (var value in shortValues.Sent)
                await redis.ExecuteAsync("XADD", "leak:stream", "*", "cvv2", value);
        });
        var places = new Dictionary<string, string>();
        await ReadPostgresAsync(system, places, cancellation);
        await ReadRedisAsync(system, places);

        string[] leaks = ["table leak", "Redis leak:hash", "Redis leak:stream"];
        var expected = leaks.SelectMany(place => all.Select(secret => $"{secret} in {place}")).Append("CVV2s in table leak").Append("CVV2s in Redis leak:stream");
        Assert.Equal(expected.Order(), FindIn(places).Distinct().Order());
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => SearchFiles(system.Redis.Folder, all[0]));
    }

    private static async Task CheckpointAsync(LiveSystem system, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(system.Database + ";Pooling=false");
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand("checkpoint", connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Looks for every secret in every file below a folder.</summary>
    /// <returns>Whether the marker, which may be kept, was found.</returns>
    private bool SearchFiles(string folder, Secret marker)
    {
        var forms = SearchValues.Create([.. secrets.SelectMany(secret => secret.Forms).Distinct()], StringComparison.OrdinalIgnoreCase);
        var isMarked = false;
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            if (TryRead(file) is not { } text)
                continue;
            isMarked |= marker.IsIn(text);
            if (text.AsSpan().ContainsAny(forms))
                Assert.Fail($"{string.Join(", ", secrets.Where(secret => secret.IsIn(text)).Select(secret => secret.Name).Distinct())} in {Path.GetRelativePath(folder, file)}.");
        }

        return isMarked;
    }

    // The servers run on, and take files of theirs away.
    private static string? TryRead(string file)
    {
        try
        {
            return Encoding.Latin1.GetString(File.ReadAllBytes(file));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private async Task PlayAsync(LiveSystem system, CancellationToken cancellation)
    {
        foreach (var (dialect, port, mti, number) in new[] { ("iso87-ascii", system.Host.DualPort, "0100", 1), ("iso87-binary", system.Host.SinglePort, "0200", 2) })
        {
            await using var sender = new NetworkSender(port, dialect, SenderPatience);
            var shop = new Shop(number);
            await sender.AskAsync(shop.Management("001"), cancellation);
            foreach (var pan in Cards)
            {
                foreach (var isRight in new[] { false, true })
                {
                    foreach (var message in Requests(shop, mti, pan, isRight, (ushort)(number * 100)))
                    {
                        var exchange = await sender.AskAsync(message, cancellation);
                        Assert.NotNull(exchange.Decision);
                    }
                }
            }

            foreach (var value in shortValues.Sent)
                Assert.NotNull((await sender.AskAsync(Keyed(shop, mti, DemoCards.Unlimited, value), cancellation)).Decision);
            await ChangeKeyAsync(sender, shop, mti, number, cancellation);

            // Elements that are missing or make no sense are logged by their number.
            foreach (var element in new[] { 3, 7, 49 })
            {
                var broken = Requests(shop, mti, DemoCards.Unlimited, isRight: true, counter: 1)[0];
                broken[element] = element == 3 ? "990000" : null;
                await sender.AskAsync(broken, cancellation);
            }
        }
    }

    private List<Iso8583Message> Requests(Shop shop, string mti, Pan pan, bool isRight, ushort counter)
    {
        var card = new DemoCard(pan);
        var keyed = Keyed(shop, mti, pan, isRight ? card.VerificationValue : "999");
        var swiped = shop.Request(mti, Shop.Purchasing, pan, 1_00);
        swiped[2] = null;
        swiped[22] = "901";
        swiped[35] = isRight ? card.Track2 : card.ChipTrack2;
        var swipedOnce = shop.Request(mti, Shop.Purchasing, pan, 1_00);
        swipedOnce[2] = null;
        swipedOnce[22] = "901";
        swipedOnce[45] = $"B{(isRight ? card.Track2 : card.ChipTrack2).Replace("=", $"^{HolderOfTrack}^", StringComparison.Ordinal)}";
        var inserted = shop.Request(mti, "010000", pan, 1_00);
        var pin = isRight ? card.Pin : card.Pin == "1111" ? "2222" : "1111";
        var icc = card.IccData((ushort)(counter + (isRight ? 1 : 0)), new(1_00, Currency.Eur), unpredictableNumber: 0x5EC2E7);
        inserted[35] = card.ChipTrack2;
        inserted[52] = Convert.ToHexString(card.PinBlock(pin));
        inserted[55] = Convert.ToHexString(icc);
        secrets.Add(Secret.OfText("PAN", card.Track2.Split('=')[0]));
        secrets.Add(Secret.OfText("track", card.Track2));
        secrets.Add(Secret.OfText("track behind the PAN", card.Track2.Split('=')[1]));
        secrets.Add(Secret.OfText("track of the chip behind the PAN", card.ChipTrack2.Split('=')[1]));
        secrets.Add(Secret.OfText("track 1", swipedOnce[45]!));
        secrets.Add(Secret.OfText("name on track 1", HolderOfTrack));
        secrets.Add(Secret.OfBytes("PIN block", card.PinBlock(pin)));
        secrets.Add(Secret.OfText("clear PIN block", "04" + pin + "FFFFFFFFFF"));
        secrets.Add(Secret.OfBytes("cryptogram", icc[^8..]));
        secrets.Add(Secret.OfBytes("chip data", icc[..32]));
        return [keyed, swiped, swipedOnce, inserted];
    }

    private Iso8583Message Keyed(Shop shop, string mti, Pan pan, string value)
    {
        var keyed = shop.Request(mti, Shop.Purchasing, pan, 1_00);
        keyed[22] = "012";
        keyed[48] = $"81{OtherPrivateData.Length:D2}{OtherPrivateData}9203{value}";
        secrets.Add(Secret.OfText("CVV2 with its tag", keyed[48]![^7..]));
        secrets.Add(Secret.OfText("private data", OtherPrivateData));
        return keyed;
    }

    /// <summary>The network changes the key of its PINs by 0800, at first with one that is damaged, and sends a PIN under it.</summary>
    private async Task ChangeKeyAsync(NetworkSender sender, Shop shop, string mti, int number, CancellationToken cancellation)
    {
        var key = SHA256.HashData(Encoding.ASCII.GetBytes($"next key of network {number}"))[..16].Select(WithOddParity).ToArray();
        using var network = SoftwareHsm.InMemory(new());
        await DemoKeys.AddToAsync(network.Keys, cancellation);
        var mask = SHA256.HashData(key)[..16];
        var rest = key.Zip(mask, (left, right) => (byte)(left ^ right)).ToArray();
        var template = new KeyTemplate("next", KeyUsage.PinEncryption, KeyAlgorithm.TripleDes, KeyMode.Both, KeyExportability.Exportable);
        var made = await network.Keys.ImportComponentsAsync(template, [new(mask, CheckValue(mask)), new(rest, CheckValue(rest))], CheckValue(key), cancellation);
        await network.Keys.ActivateKeyAsync(made.Key!.Key, cancellation);
        var block = Encoding.ASCII.GetString((await network.Keys.ExportKeyAsync(made.Key.Key, new(DemoKeys.ZoneMaster), cancellation)).Block.Span);
        secrets.Add(Secret.OfBytes("next key of the link", key));
        secrets.Add(Secret.OfText("next key of the link as it was sent", block));
        secrets.Add(Secret.OfText("damaged key of the link", block[..^8] + "00000000"));
        foreach (var (sent, code) in new[] { (block[..^8] + "00000000", "30"), (block, "00") })
        {
            var change = shop.Management("101");
            change[48] = CheckValue(key) + sent;
            Assert.Equal(code, (await sender.AskAsync(change, cancellation)).Decision?[39]);
        }

        var card = new DemoCard(DemoCards.Unlimited);
        var withdrawal = shop.Request(mti, "010000", DemoCards.Unlimited, 1_00);
        withdrawal[52] = Convert.ToHexString(card.PinBlock(card.Pin, key));
        secrets.Add(Secret.OfText("PIN block under the next key", withdrawal[52]!));
        Assert.Equal("00", (await sender.AskAsync(withdrawal, cancellation)).Decision?[39]);
    }

    private static string CheckValue(byte[] key)
    {
#pragma warning disable CA5350 // Links have keys for triple DES.
        using var cipher = TripleDES.Create();
#pragma warning restore CA5350
        cipher.Key = [.. key, .. key.AsSpan(0, 8)];
        return Convert.ToHexString(cipher.EncryptEcb(new byte[8], PaddingMode.None))[..6];
    }

    /// <summary>Keys: the demo's, which anybody can compute, the master key's components, and the key of the façade.</summary>
    private void Remember(LiveSystem system, string[] components)
    {
        foreach (var name in KeyNames)
        {
            var key = SHA256.HashData(Encoding.ASCII.GetBytes("Processor demo key " + name))[..16];
            secrets.Add(Secret.OfBytes(name, key));
            secrets.Add(Secret.OfBytes(name + " with parity", [.. key.Select(WithOddParity)]));
        }

        foreach (var component in components)
            secrets.Add(Secret.OfBytes("component of the master key", Convert.FromHexString(File.ReadAllText(component).Split(' ')[0])));
        secrets.Add(Secret.OfText("key of the façade", system.Host.ReadApiKey()));
    }

    private static byte WithOddParity(byte item) => (byte)((item & 0xFE) | (~ParityOfKeyBits(item) & 1));

    private static int ParityOfKeyBits(byte item) => System.Numerics.BitOperations.PopCount((uint)(item & 0xFE)) & 1;

    private static async Task ReadPostgresAsync(LiveSystem system, Dictionary<string, string> places, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(system.Database + ";Pooling=false");
        await connection.OpenAsync(cancellation);
        var tables = new List<string>();
        await using (var command = new NpgsqlCommand("select quote_ident(table_name) from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'", connection))
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
                tables.Add(reader.GetString(0));
        }

        foreach (var table in tables)
        {
            var text = new StringBuilder();
            await using var command = new NpgsqlCommand(string.Create(CultureInfo.InvariantCulture, $"select row::text from {table} as row"), connection);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                text.AppendLine(reader.GetString(0));
            places.Add("table " + table, text.ToString());
        }
    }

    private static Task ReadRedisAsync(LiveSystem system, Dictionary<string, string> places) => system.ReadRedisAsync(async redis =>
    {
        foreach (var key in LiveSystem.KeysOf(redis, "*"))
        {
            var name = (string)key!;
            RedisResult content = await redis.KeyTypeAsync(key) switch
            {
                RedisType.Hash => await redis.ExecuteAsync("HGETALL", key),
                RedisType.String => await redis.ExecuteAsync("GET", key),
                RedisType.Set => await redis.ExecuteAsync("SMEMBERS", key),
                RedisType.SortedSet => await redis.ExecuteAsync("ZRANGE", key, 0, -1),
                RedisType.List => await redis.ExecuteAsync("LRANGE", key, 0, -1),
                _ => await redis.ExecuteAsync("XRANGE", key, "-", "+"),
            };
            var text = new StringBuilder(name).AppendLine();
            Append(content, text);
            places.Add("Redis " + name, text.ToString());
        }
    });

    private static void Append(RedisResult content, StringBuilder text)
    {
        if (content.IsNull)
            return;
        try
        {
            foreach (var item in (RedisResult[])content!)
                Append(item, text);
        }
        catch (InvalidCastException)
        {
            var bytes = (byte[])content!;
            text.AppendLine(Encoding.Latin1.GetString(bytes)).AppendLine(Convert.ToHexString(bytes));
        }
    }
}
