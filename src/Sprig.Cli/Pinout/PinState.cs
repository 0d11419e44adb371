namespace Sprig.Cli.Pinout;

/// <summary>What a pin is doing now.</summary>
/// <param name="Holder">Who holds it: a program, a bus; empty when nobody does.</param>
/// <param name="Level">0, 1, or empty where it was not looked at.</param>
internal readonly record struct PinState(string Holder, string Level);
