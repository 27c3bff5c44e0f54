using System.Runtime.InteropServices;
using Dapper;
using Npgsql;
using Processor.Cards;
using Processor.Ledger;
using Processor.Records;

namespace Processor.EndToEnd.Tests;

/// <summary>Compares what senders were told with what Redis and Postgres have. It knows the ledger only by its records.</summary>
/// <param name="system">Whose books are read.</param>
/// <param name="opening">The ledger before the run.</param>
internal sealed class Witness(LiveSystem system, LedgerImage opening)
{
    private const int DifferencesMax = 20;

    // What a request did, and what is left of it after all that followed.
    private const string RequestsSql = """
        select request.retrieval_reference as reference, request.approvals, request.approval_code as "ApprovalCode", total.held, total.posted
        from (
            select transaction_id, retrieval_reference, count(*) filter (where reason = 0) as approvals, max(approval_code) as approval_code
            from transaction_event
            where mti in (100, 101, 200, 201)
            group by transaction_id, retrieval_reference
        ) as request
        join (
            select transaction_id, sum(held_delta)::bigint as held, sum(posted_delta)::bigint as posted
            from transaction_event
            group by transaction_id
        ) as total using (transaction_id)
        """;

    private const string BalancesSql = "select account_id as \"AccountId\", posted, held from account_balance";

    private const string HoldsSql = "select image from hold";

    /// <summary>Waits until the journal is drained, and compares.</summary>
    /// <returns>The differences; nothing when everything approved is in both exactly once, nothing else is, and the books are in balance.</returns>
    internal async Task<IReadOnlyList<string>> CompareAsync(TrafficRun run)
    {
        await system.DrainAsync();
        var found = new List<string>();
        var ledger = await LedgerImage.ReadAsync(system);
        CompareHolds("Redis", run, ledger.Holds, found);
        CompareSums(run, ledger, found);

        await using var connection = new NpgsqlConnection(system.Database + ";Pooling=false");
        await connection.OpenAsync();
        var images = await connection.QueryAsync<byte[]>(HoldsSql);
        CompareHolds("Postgres", run, [.. images.Select(image => MemoryMarshal.Read<HoldRecord>(image))], found);
        CompareRequests(run, [.. await connection.QueryAsync<RequestRow>(RequestsSql)], found);
        CompareBalances(ledger, [.. await connection.QueryAsync<BalanceRow>(BalancesSql)], found);

        await using var database = new RecordsDatabase(new RecordsSettings { Postgres = system.Database });
        found.AddRange((await new BooksCheck(database).RunAsync(CancellationToken.None)).Select(finding => finding.ToString()));
        return found.Count <= DifferencesMax ? found : [.. found.Take(DifferencesMax), $"and {found.Count - DifferencesMax} more"];
    }

    /// <summary>Each approved request has one hold field with its code and what remains of it; nothing else holds or moved money.</summary>
    private static void CompareHolds(string place, TrafficRun run, IReadOnlyList<HoldRecord> holds, List<string> found)
    {
        var requests = holds.Where(hold => hold.Class is MessageClass.Authorization or MessageClass.Financial).ToLookup(hold => LedgerImage.ReferenceOf(in hold));
        foreach (var purchase in run.Purchases)
        {
            var own = requests[purchase.Exchange.Reference].ToList();
            if (purchase.Exchange.IsApproved)
            {
                if (own.Count != 1)
                    found.Add($"{place}: {purchase.Exchange.Reference} was approved, and has {own.Count} hold fields.");
                else if ((own[0].Held, own[0].PostedDelta) != (purchase.Held, purchase.Posted))
                    found.Add($"{place}: {purchase.Exchange.Reference} should hold {purchase.Held} and post {purchase.Posted}, has {own[0].Held} and {own[0].PostedDelta}.");
                else if (LedgerImage.ApprovalCodeOf(own[0]) != (purchase.Exchange.Decision![38] ?? "").Trim())
                    found.Add($"{place}: {purchase.Exchange.Reference} was told another DE 38.");
            }
            else if (own.Any(hold => hold.Held != 0 || hold.PostedDelta != 0))
            {
                found.Add($"{place}: {purchase.Exchange.Reference} was not approved, and has money.");
            }
        }

        var known = run.Purchases.Select(purchase => purchase.Exchange.Reference).ToHashSet();
        found.AddRange(requests.Where(request => !known.Contains(request.Key)).Select(request => $"{place}: {request.Key} was never sent."));
    }

    /// <summary>All answers together add up to what all accounts together have.</summary>
    private void CompareSums(TrafficRun run, LedgerImage ledger, List<string> found)
    {
        var held = ledger.Balances.Values.Sum(balance => balance.Held) - opening.Balances.Values.Sum(balance => balance.Held);
        var posted = ledger.Balances.Values.Sum(balance => balance.Posted) - opening.Balances.Values.Sum(balance => balance.Posted);
        var expected = (Held: run.Purchases.Sum(purchase => purchase.Held), Posted: run.Purchases.Sum(purchase => purchase.Posted));
        if ((held, posted) != expected)
            found.Add($"Redis: answers add up to {expected.Held} held and {expected.Posted} posted, accounts to {held} and {posted}.");
    }

    private static void CompareRequests(TrafficRun run, List<RequestRow> rows, List<string> found)
    {
        var requests = rows.ToLookup(row => row.Reference);
        foreach (var purchase in run.Purchases)
        {
            var own = requests[purchase.Exchange.Reference].ToList();
            if (purchase.Exchange.IsApproved)
            {
                var expected = new RequestRow(purchase.Exchange.Reference, 1, purchase.Exchange.Decision![38]?.Trim(), purchase.Held, purchase.Posted);
                if (own.Count != 1 || own[0] != expected)
                    found.Add($"Postgres: {expected} is told as {string.Join(" and ", own)}.");
            }
            else if (own.Any(row => row.Held != 0 || row.Posted != 0))
            {
                found.Add($"Postgres: {purchase.Exchange.Reference} was not approved, and moved money.");
            }
        }
    }

    private static void CompareBalances(LedgerImage ledger, List<BalanceRow> rows, List<string> found)
    {
        foreach (var row in rows)
        {
            var balance = ledger.Balances[Ulid.FromGuid(row.AccountId)];
            if ((balance.Posted, balance.Held) != (row.Posted, row.Held))
                found.Add($"{row} in Postgres, posted {balance.Posted} and held {balance.Held} in Redis.");
        }

        if (rows.Count != ledger.Balances.Count)
            found.Add($"{rows.Count} balances in Postgres, {ledger.Balances.Count} in Redis.");
    }

    private sealed record RequestRow(string Reference, long Approvals, string? ApprovalCode, long Held, long Posted);

    private sealed record BalanceRow(Guid AccountId, long Posted, long Held);
}
