namespace Sprig.IO.Ports;

/// <summary>The lines of the other end have changed.</summary>
/// <param name="Changed">Which did. One that is here and stands as before has changed twice, or more often.</param>
/// <param name="Lines">Which are up now, ours included.</param>
public readonly record struct ModemChange(ModemLines Changed, ModemLines Lines);
