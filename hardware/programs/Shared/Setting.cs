namespace Sprig.Programs;

/// <summary>What a program may be told by one name: for messages, and for the tests that hold schema and README against it.</summary>
/// <param name="Name">As in the JSON file; in the environment it stands in capitals behind the program's name.</param>
/// <param name="Kind">What its value is.</param>
/// <param name="UnlessGiven">Its value where nobody says one, as it would stand in the file.</param>
/// <param name="Least">Of a number, the least; of lines with a number each, that of the numbers.</param>
/// <param name="Most">The most.</param>
/// <param name="Wanted">What it is, in words.</param>
public sealed record Setting(string Name, SettingKind Kind, object UnlessGiven, double Least, double Most, string Wanted);
