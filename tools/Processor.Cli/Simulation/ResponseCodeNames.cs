namespace Processor.Cli.Simulation;

/// <summary>What the response codes of DE 39 mean, in a few words.</summary>
internal static class ResponseCodeNames
{
    /// <summary>The meaning, by ISO 8583:1987 annex and common use of the networks.</summary>
    public static string Of(string responseCode) => responseCode switch
    {
        "00" => "approved",
        "01" or "02" => "call the issuer",
        "03" => "merchant not valid",
        "04" or "07" => "pick up the card",
        "05" => "declined",
        "10" => "approved in part",
        "12" => "transaction not valid",
        "13" => "amount not valid",
        "14" => "no such card",
        "25" => "original not found",
        "30" => "format error",
        "41" => "card lost",
        "43" => "card stolen",
        "51" => "not enough money",
        "54" => "card expired",
        "55" => "wrong PIN",
        "57" => "not permitted to the card",
        "58" => "not permitted to the terminal",
        "59" => "suspected fraud",
        "61" => "over the amount limit",
        "62" => "card restricted",
        "63" => "security violation",
        "65" => "over the count limit",
        "75" => "too many wrong PINs",
        "78" => "card blocked or not activated",
        "82" => "card verification failed",
        "85" => "card is good",
        "88" => "cryptographic failure",
        "91" => "issuer not available",
        "94" => "repeat of another request",
        "96" => "system error",
        _ => "",
    };
}
